/** Element types of torch's storages, by the class name that the pickle gives. */
export type TorchDtype = {
  readonly name: string;
  readonly itemBytes: number;
  readonly isFloat: boolean;
};

const table: readonly (readonly [storage: string, TorchDtype])[] = [
  ["FloatStorage", { name: "float32", itemBytes: 4, isFloat: true }],
  ["DoubleStorage", { name: "float64", itemBytes: 8, isFloat: true }],
  ["HalfStorage", { name: "float16", itemBytes: 2, isFloat: true }],
  ["BFloat16Storage", { name: "bfloat16", itemBytes: 2, isFloat: true }],
  ["LongStorage", { name: "int64", itemBytes: 8, isFloat: false }],
  ["IntStorage", { name: "int32", itemBytes: 4, isFloat: false }],
  ["ShortStorage", { name: "int16", itemBytes: 2, isFloat: false }],
  ["CharStorage", { name: "int8", itemBytes: 1, isFloat: false }],
  ["ByteStorage", { name: "uint8", itemBytes: 1, isFloat: false }],
  ["BoolStorage", { name: "bool", itemBytes: 1, isFloat: false }],
];

export const torchDtypes: ReadonlyMap<string, TorchDtype> = new Map(table);

/** Little-endian elements as float32: half and bfloat16 exactly, double rounded. A view of `bytes` where that is possible. */
export function toFloat32(bytes: Uint8Array, dtype: TorchDtype): Float32Array {
  const count = Math.floor(bytes.length / dtype.itemBytes);
  switch (dtype.name) {
    case "float32":
      return new Float32Array(...aligned(bytes, 4), count);
    case "float64":
      return Float32Array.from(new Float64Array(...aligned(bytes, 8), count));
    case "bfloat16":
      return fromBfloat16(new Uint16Array(...aligned(bytes, 2), count));
    default:
      return fromFloat16(new Uint16Array(...aligned(bytes, 2), count));
  }
}

/** Little-endian elements as int64. */
export function toInt64(bytes: Uint8Array, dtype: TorchDtype): BigInt64Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const values = new BigInt64Array(Math.floor(bytes.length / dtype.itemBytes));
  for (let index = 0; index < values.length; index++) values[index] = readInteger(view, index * dtype.itemBytes, dtype);
  return values;
}

function readInteger(view: DataView, at: number, { name }: TorchDtype): bigint {
  if (name === "int64") return view.getBigInt64(at, true);
  if (name === "int32") return BigInt(view.getInt32(at, true));
  if (name === "int16") return BigInt(view.getInt16(at, true));
  return BigInt(name === "int8" ? view.getInt8(at) : view.getUint8(at));
}

// Every machine that runs a browser is little-endian, as the files are.
function aligned(bytes: Uint8Array, itemBytes: number): readonly [ArrayBufferLike, number] {
  if (bytes.byteOffset % itemBytes === 0) return [bytes.buffer, bytes.byteOffset];
  return [bytes.slice().buffer, 0];
}

function fromBfloat16(bits: Uint16Array): Float32Array {
  const wide = new Uint32Array(bits.length);
  for (let index = 0; index < bits.length; index++) wide[index] = (bits[index] ?? 0) << 16;
  return new Float32Array(wide.buffer);
}

function fromFloat16(bits: Uint16Array): Float32Array {
  const wide = new Uint32Array(bits.length);
  for (let index = 0; index < bits.length; index++) wide[index] = widenFloat16(bits[index] ?? 0);
  return new Float32Array(wide.buffer);
}

/** IEEE 754 binary16 to the bits of the same binary32. */
function widenFloat16(bits: number): number {
  const sign = (bits & 0x8000) << 16;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0x1f) return sign | 0x7f800000 | (fraction << 13);
  if (exponent > 0) return sign | ((exponent + 112) << 23) | (fraction << 13);
  if (fraction === 0) return sign;
  const shift = Math.clz32(fraction) - 21; // brings the leading one to bit 10
  return sign | ((113 - shift) << 23) | (((fraction << shift) & 0x3ff) << 13);
}
