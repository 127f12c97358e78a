import { CheckpointError } from "./format-error.ts";
import { readPickle } from "./pickle.ts";
import type { PickleOptions } from "./pickle-options.ts";
import { type PickleBuilder, PickleGlobal, PickleObject, PickleTuple, type PickleValue } from "./pickle-values.ts";
import { type TorchDtype, torchDtypes } from "./torch-dtype.ts";

/** A file in the zip, `data/<key>`, of `count` elements. */
export type TorchStorage = { readonly key: string; readonly dtype: TorchDtype; readonly count: number };

/** A view of a storage; offset and strides count elements. Checked to lie inside its storage. */
export type TensorView = {
  readonly storage: TorchStorage;
  readonly offset: number;
  readonly shape: readonly number[];
  readonly strides: readonly number[];
};

/** Bounds of the pickle alone: a network of ten thousand tensors stays far below. */
const limits = { bytes: 64 * 2 ** 20, memory: 256 * 2 ** 20, operations: 10_000_000 };

/**
 * The model's tensors of `data.pkl`, in the file's order: from DaCapo's `Weights`, from a dictionary with `model` and
 * `optimizer`, or from a bare state dict. Whatever the optimizer holds is passed over.
 * Throws PickleError for what is not on the allow-list, CheckpointError for what is not a model.
 */
export function parseTorchPickle(bytes: Uint8Array): ReadonlyMap<string, TensorView> {
  return toViews(findModel(readPickle(bytes, createOptions())));
}

/** Storages are collected per file, so that one key cannot be two storages. */
function createOptions(): PickleOptions {
  const storages = new Map<string, Storage>();
  return { allow, limits, persistentLoad: (id) => loadStorage(id, storages) };
}

class Weights extends PickleObject {
  state: PickleValue = null;

  override setState(state: PickleValue): void {
    this.state = state;
  }

  override children(): Iterable<PickleValue> {
    return [this.state];
  }
}

/** Its attributes (`_metadata`) are passed over. */
class OrderedDict extends PickleObject {
  readonly entries = new Map<PickleValue, PickleValue>();

  override setState(): void {}

  override readonly setItem = (key: PickleValue, value: PickleValue): void => {
    this.entries.set(key, value);
  };

  override *children(): Iterable<PickleValue> {
    for (const entry of this.entries) yield* entry;
  }
}

class Storage extends PickleObject {
  readonly storage: TorchStorage;

  constructor(storage: TorchStorage) {
    super();
    this.storage = storage;
  }

  override setState(): void {
    throw damaged("a storage is given state");
  }
}

class TensorObject extends PickleObject {
  readonly view: TensorView;

  constructor(view: TensorView) {
    super();
    this.view = view;
  }

  override setState(): void {
    throw damaged("a tensor is given state");
  }
}

const notCalled: PickleBuilder = {
  construct: () => {
    throw damaged("a storage is made without its file");
  },
};

const allow: ReadonlyMap<string, PickleBuilder> = new Map([
  ["dacapo.store.weights_store Weights", { construct: () => new Weights() }],
  ["collections OrderedDict", { construct: toOrderedDict }],
  ["torch._utils _rebuild_tensor_v2", { construct: toTensor }],
  ["torch._utils _rebuild_parameter", { construct: toParameter }],
  ...[...torchDtypes.keys()].map((name) => [`torch ${name}`, notCalled] as const),
]);

function toOrderedDict(args: readonly PickleValue[]): PickleValue {
  const dict = new OrderedDict();
  const pairs = args[0] ?? [];
  if (!Array.isArray(pairs)) throw damaged("a dictionary is made of something else than pairs");
  for (const pair of pairs) {
    const items = pair instanceof PickleTuple ? pair.items : pair;
    if (!Array.isArray(items) || items.length !== 2) throw damaged("a dictionary is made of something else than pairs");
    dict.setItem(items[0] ?? null, items[1] ?? null);
  }
  return dict;
}

function toParameter(args: readonly PickleValue[]): PickleValue {
  const [tensor] = args;
  if (!(tensor instanceof TensorObject)) throw damaged("a parameter is no tensor");
  return tensor;
}

/** ("storage", torch.FloatStorage, key, device, count); the device does not matter here. */
function loadStorage(id: PickleValue, storages: Map<string, Storage>): PickleValue {
  const [kind, type, key, , count] = id instanceof PickleTuple ? id.items : [];
  const dtype = type instanceof PickleGlobal ? torchDtypes.get(type.qualifiedName.replace(/^torch /, "")) : undefined;
  if (kind !== "storage" || dtype === undefined || typeof key !== "string" || !isKey(key) || !isCount(count))
    throw damaged("a storage is described in a way that torch never writes");
  const known = storages.get(key);
  if (known === undefined) return remember(storages, new Storage({ key, dtype, count }));
  if (known.storage.dtype !== dtype || known.storage.count !== count) throw damaged("one storage has two descriptions");
  return known;
}

function remember(storages: Map<string, Storage>, storage: Storage): Storage {
  storages.set(storage.storage.key, storage);
  return storage;
}

const isKey = (key: string) => /^[A-Za-z0-9_.-]{1,64}$/.test(key);

function isCount(value: PickleValue | undefined): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}

/** (storage, offset, shape, strides, requires_grad, hooks). */
function toTensor(args: readonly PickleValue[]): PickleValue {
  const [source, offset, size, stride] = args;
  const shape = toCounts(size);
  const strides = toCounts(stride);
  if (!(source instanceof Storage) || !isCount(offset) || !shape || !strides || shape.length !== strides.length)
    throw damaged("a tensor is described in a way that torch never writes");
  const { storage } = source;
  const view = { storage, offset, shape, strides };
  checkInside(view);
  return new TensorObject(view);
}

const MAX_AXES = 16;

function toCounts(value: PickleValue | undefined): readonly number[] | undefined {
  if (!(value instanceof PickleTuple) || value.items.length > MAX_AXES) return undefined;
  return value.items.every(isCount) ? (value.items as readonly number[]) : undefined;
}

export function countOf(shape: readonly number[]): number {
  return shape.reduce((count, length) => count * length, 1);
}

// A view that repeats elements could claim any size: no network's weights do.
function checkInside({ storage, offset, shape, strides }: TensorView): void {
  const count = countOf(shape);
  if (count === 0) return;
  const last = shape.reduce((at, length, axis) => at + (length - 1) * (strides[axis] ?? 0), offset);
  if (!(last < storage.count) || !(count <= storage.count)) throw damaged("a tensor reaches beyond its storage");
}

function findModel(root: PickleValue): PickleValue {
  if (root instanceof Weights) return findModel(root.state);
  const entries = entriesOf(root);
  if (entries === undefined) throw notModel("something else than a dictionary");
  return entries.get("model") ?? entries.get("model_state_dict") ?? root;
}

function entriesOf(value: PickleValue): ReadonlyMap<PickleValue, PickleValue> | undefined {
  if (value instanceof OrderedDict) return value.entries;
  return value instanceof Map ? value : undefined;
}

function toViews(model: PickleValue): ReadonlyMap<string, TensorView> {
  const entries = entriesOf(model);
  if (entries === undefined || entries.size === 0) throw notModel("no dictionary of tensors");
  const views = new Map<string, TensorView>();
  for (const [name, value] of entries) {
    if (typeof name !== "string" || !(value instanceof TensorObject))
      throw notModel(`${JSON.stringify(String(name).slice(0, 80))}, which is no tensor`);
    views.set(name, value.view);
  }
  return views;
}

function damaged(found: string): CheckpointError {
  return new CheckpointError({
    tag: "malformed",
    message: `The checkpoint is damaged: ${found}; check that the file was copied whole.`,
  });
}

function notModel(found: string): CheckpointError {
  return new CheckpointError({
    tag: "malformed",
    message: `The checkpoint holds ${found} where a model's weights are expected; take one of DaCapo's checkpoints, or a file with a state dict.`,
  });
}
