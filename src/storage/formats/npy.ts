import { FormatError } from "./format-error.ts";

/** A NumPy array as float32, in C order. */
export type NpyArray = { readonly shape: readonly number[]; readonly data: Float32Array<ArrayBuffer> };

type Read = (view: DataView, at: number, little: boolean) => number;

const types: ReadonlyMap<string, readonly [bytes: number, read: Read]> = new Map<string, readonly [number, Read]>([
  ["b1", [1, (view, at) => view.getUint8(at)]],
  ["u1", [1, (view, at) => view.getUint8(at)]],
  ["i1", [1, (view, at) => view.getInt8(at)]],
  ["u2", [2, (view, at, little) => view.getUint16(at, little)]],
  ["i2", [2, (view, at, little) => view.getInt16(at, little)]],
  ["u4", [4, (view, at, little) => view.getUint32(at, little)]],
  ["i4", [4, (view, at, little) => view.getInt32(at, little)]],
  ["u8", [8, (view, at, little) => Number(view.getBigUint64(at, little))]],
  ["i8", [8, (view, at, little) => Number(view.getBigInt64(at, little))]],
  ["f4", [4, (view, at, little) => view.getFloat32(at, little)]],
  ["f8", [8, (view, at, little) => view.getFloat64(at, little)]],
]);

const MAX_AXES = 32;
// "\x93NUMPY"
const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];

/** Reads a .npy file, versions 1 to 3; arrays of plain numbers alone. Throws FormatError: malformed, torn. */
export function parseNpy(bytes: Uint8Array): NpyArray {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 12 || MAGIC.some((byte, i) => bytes[i] !== byte)) throw fail("malformed", "This is no .npy file");
  const wide = (bytes[6] ?? 1) > 1;
  const begin = wide ? 12 : 10;
  const length = wide ? view.getUint32(8, true) : view.getUint16(8, true);
  if (begin + length > bytes.length) throw fail("torn", "The .npy file stops before its end");
  const header = new TextDecoder("latin1").decode(bytes.subarray(begin, begin + length));
  return readValues(header, new DataView(view.buffer, view.byteOffset + begin + length, bytes.length - begin - length));
}

function fail(tag: "malformed" | "torn", found: string): FormatError {
  return new FormatError({ tag, format: "npy", message: `${found}; check that it is the right file.` });
}

function readValues(header: string, view: DataView): NpyArray {
  const [, order = "<", type = ""] = /'descr':\s*'([<>|=])([a-z]\d)'/.exec(header) ?? [];
  const [size, read] = types.get(type) ?? [];
  const shape = parseShape(header);
  if (size === undefined || read === undefined || shape === undefined)
    throw fail("malformed", "The .npy file holds no plain numbers");
  const count = shape.reduce((total, axis) => total * axis, 1);
  if (!(count * size <= view.byteLength)) throw fail("torn", "The .npy file stops before its end");
  const values = Float32Array.from({ length: count }, (_, i) => read(view, i * size, order !== ">"));
  return { shape, data: /'fortran_order':\s*True/.test(header) ? fromFortran(values, shape) : values };
}

function parseShape(header: string): readonly number[] | undefined {
  const [, list] = /'shape':\s*\(([\d,\s]*)\)/.exec(header) ?? [];
  const shape = list
    ?.split(",")
    .filter((part) => part.trim() !== "")
    .map(Number);
  return shape && shape.length <= MAX_AXES && shape.every(Number.isSafeInteger) ? shape : undefined;
}

function fromFortran(values: Float32Array<ArrayBuffer>, shape: readonly number[]): Float32Array<ArrayBuffer> {
  const strides = shape.map((_, axis) => shape.slice(0, axis).reduce((total, length) => total * length, 1));
  return values.map((_, i) => {
    let [rest, from] = [i, 0];
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      from += (rest % (shape[axis] ?? 1)) * (strides[axis] ?? 1);
      rest = Math.floor(rest / (shape[axis] ?? 1));
    }
    return values[from] ?? 0;
  });
}
