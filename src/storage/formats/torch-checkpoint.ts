import { CheckpointError } from "./format-error.ts";
import { type TorchDtype, toFloat32, toInt64 } from "./torch-dtype.ts";
import {
  checkByteOrder,
  entryBytes,
  type FilePart,
  planStorages,
  readTorchLayout,
  storageBytes,
  type TorchLayout,
} from "./torch-layout.ts";
import { countOf, parseTorchPickle, type TensorView, type TorchStorage } from "./torch-pickle.ts";

/** Values of a network's weights, C order, whatever precision the file has. */
export type Tensor = { readonly shape: readonly number[]; readonly data: Float32Array };

/** Floating-point tensors by name, in the file's order. Values may be shared, and views of the file: do not write. */
export type StateDict = ReadonlyMap<string, Tensor>;

/** Such as batch norm's `num_batches_tracked`. */
export type IntegerTensor = { readonly shape: readonly number[]; readonly data: BigInt64Array };

export type ModelWeights = {
  readonly stateDict: StateDict;
  readonly integers: ReadonlyMap<string, IntegerTensor>;
  /** Element types met in the file, such as "float32". */
  readonly dtypes: readonly string[];
};

/**
 * A whole checkpoint at hand. Nothing in it is executed, and nothing is allocated that the file's own size does not cover
 * a few times. Throws CheckpointError or PickleError.
 */
export function readTorchCheckpoint(bytes: Uint8Array): ModelWeights {
  const layout = readTorchLayout(bytes);
  const parts = [{ offset: 0, bytes }];
  const views = parseTorchPickle(entryBytes(parts, layout.pickle));
  planStorages(layout, views);
  const steps = toModelWeights(layout, parts, views);
  for (let step = steps.next(); ; step = steps.next()) if (step.done) return step.value;
}

/** `parts` must hold the spans of `planStorages`. One step a tensor: decoding hundreds of megabytes holds a thread up. */
export function* toModelWeights(
  layout: TorchLayout,
  parts: readonly FilePart[],
  views: ReadonlyMap<string, TensorView>,
): Generator<undefined, ModelWeights> {
  checkByteOrder(layout, parts);
  const reader = new TensorReader((storage) => storageBytes(layout, parts, storage), budgetOf(layout));
  const stateDict = new Map<string, Tensor>();
  const integers = new Map<string, IntegerTensor>();
  const dtypes = new Set<string>();
  for (const [name, view] of views) {
    const { shape, storage } = view;
    dtypes.add(storage.dtype.name);
    if (storage.dtype.isFloat) stateDict.set(name, { shape, data: reader.floatsOf(view) });
    else integers.set(name, { shape, data: reader.integersOf(view) });
    yield undefined;
  }
  return { stateDict, integers, dtypes: [...dtypes] };
}

// Widening bytes to int64 is the most that a sound file asks for; a copy of every tensor comes on top.
const budgetOf = ({ fileSize }: TorchLayout) => 16 * fileSize;

type Elements = Float32Array | BigInt64Array;

/** Decodes each storage and copies each distinct view once, so that names that share values share memory. */
class TensorReader {
  readonly #bytesOf: (storage: TorchStorage) => Uint8Array;
  readonly #storages = new Map<TorchStorage, Elements>();
  readonly #views = new Map<string, Elements>();
  #bytesLeft: number;

  constructor(bytesOf: (storage: TorchStorage) => Uint8Array, budget: number) {
    this.#bytesOf = bytesOf;
    this.#bytesLeft = budget;
  }

  floatsOf(view: TensorView): Float32Array {
    return this.#read(view, toFloat32) as Float32Array;
  }

  integersOf(view: TensorView): BigInt64Array {
    return this.#read(view, toInt64) as BigInt64Array;
  }

  #read(view: TensorView, decode: (bytes: Uint8Array, dtype: TorchDtype) => Elements): Elements {
    const { storage, offset, shape, strides } = view;
    const key = `${storage.key} ${offset} ${shape} ${strides}`;
    const known = this.#views.get(key);
    if (known) return known;
    const all = this.#storages.get(storage) ?? decode(this.#load(storage), storage.dtype);
    this.#storages.set(storage, all);
    const values = isContiguous(view) ? all.subarray(offset, offset + countOf(shape)) : this.#gather(view, all);
    this.#views.set(key, values);
    return values;
  }

  #load(storage: TorchStorage): Uint8Array {
    if (storage.count === 0) return new Uint8Array(0);
    this.#charge(8 * storage.count);
    return this.#bytesOf(storage);
  }

  #gather(view: TensorView, all: Elements): Elements {
    this.#charge(8 * countOf(view.shape));
    return gather(view, all);
  }

  #charge(bytes: number): void {
    this.#bytesLeft -= bytes;
    if (this.#bytesLeft >= 0) return;
    const message = "The checkpoint's tensors would need far more memory than the file has, so it was not read.";
    throw new CheckpointError({ tag: "limit", message });
  }
}

function isContiguous({ shape, strides }: TensorView): boolean {
  let expected = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    const length = shape[axis] ?? 0;
    if (length > 1 && strides[axis] !== expected) return false;
    expected *= length;
  }
  return true;
}

/** Copies a strided view into C order. */
function gather({ offset, shape, strides }: TensorView, all: Elements): Elements {
  const count = countOf(shape);
  const values = all instanceof Float32Array ? new Float32Array(count) : new BigInt64Array(count);
  const index = new Array<number>(shape.length).fill(0);
  let from = offset;
  for (let to = 0; to < count; to++) {
    values[to] = all[from] ?? 0;
    from += step(index, shape, strides);
  }
  return values;
}

/** Advances the index by one element and returns how far that is in the storage. */
function step(index: number[], shape: readonly number[], strides: readonly number[]): number {
  let moved = 0;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    const stride = strides[axis] ?? 0;
    const at = (index[axis] ?? 0) + 1;
    if (at < (shape[axis] ?? 0)) {
      index[axis] = at;
      return moved + stride;
    }
    moved -= (at - 1) * stride;
    index[axis] = 0;
  }
  return moved;
}
