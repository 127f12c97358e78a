import { PickleError } from "./format-error.ts";
import { toSafe } from "./pickle-text.ts";
import { type PickleBuilder, PickleObject, PickleTuple, type PickleValue } from "./pickle-values.ts";

/**
 * The allow-list for score pickles: NumPy scalars as NumPy 1 and NumPy 2 write them, and the way in which protocols 0 to 2
 * write bytes (`_codecs encode`). A scalar becomes a number, a boolean, or a bigint beyond 2^53.
 */
export function numpyScalars(): ReadonlyMap<string, PickleBuilder> {
  const scalar: PickleBuilder = { construct: toScalar };
  return new Map([
    ["numpy.core.multiarray scalar", scalar],
    ["numpy._core.multiarray scalar", scalar],
    ["numpy dtype", { construct: toDtype }],
    ["_codecs encode", { construct: toBytes }],
  ]);
}

type Decode = (view: DataView, littleEndian: boolean) => number | bigint | boolean;

const decoders: ReadonlyMap<string, Decode> = new Map<string, Decode>([
  ["f8", (view, little) => view.getFloat64(0, little)],
  ["f4", (view, little) => view.getFloat32(0, little)],
  ["f2", (view, little) => toFloat16(view.getUint16(0, little))],
  ["i8", (view, little) => toSafe(view.getBigInt64(0, little))],
  ["i4", (view, little) => view.getInt32(0, little)],
  ["i2", (view, little) => view.getInt16(0, little)],
  ["i1", (view) => view.getInt8(0)],
  ["u8", (view, little) => toSafe(view.getBigUint64(0, little))],
  ["u4", (view, little) => view.getUint32(0, little)],
  ["u2", (view, little) => view.getUint16(0, little)],
  ["u1", (view) => view.getUint8(0)],
  ["b1", (view) => view.getUint8(0) !== 0],
]);

class NumpyDtype extends PickleObject {
  readonly name: string;
  readonly decode: Decode;
  littleEndian = true;

  constructor(name: string, decode: Decode) {
    super();
    this.name = name;
    this.decode = decode;
  }

  /** The second of the eight items is the byte order. */
  override setState(state: PickleValue): void {
    const order = state instanceof PickleTuple ? state.items[1] : undefined;
    if (typeof order !== "string" || !"<>|=".includes(order) || order.length !== 1)
      throw unexpected("the byte order of a NumPy type");
    this.littleEndian = order !== ">";
  }
}

function toDtype(args: readonly PickleValue[]): PickleValue {
  const name = args[0];
  if (typeof name !== "string") throw unexpected("the name of a NumPy type");
  const decode = decoders.get(name);
  if (decode === undefined)
    throw new PickleError({
      tag: "refused",
      message: `The pickle holds a NumPy value of type ${JSON.stringify(name.slice(0, 40))}, which is not a plain number.`,
      refused: `numpy dtype ${name.slice(0, 40)}`,
    });
  return new NumpyDtype(name, decode);
}

function toScalar(args: readonly PickleValue[]): PickleValue {
  const [dtype, bytes] = args;
  if (!(dtype instanceof NumpyDtype) || !(bytes instanceof Uint8Array)) throw unexpected("a NumPy number");
  if (bytes.length !== Number(dtype.name[1]))
    throw unexpected(`${bytes.length} bytes for a NumPy number of type ${dtype.name}`);
  return dtype.decode(new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), dtype.littleEndian);
}

function toBytes(args: readonly PickleValue[]): PickleValue {
  const [text, encoding] = args;
  if (typeof text !== "string" || (encoding !== "latin1" && encoding !== "latin-1"))
    throw unexpected("bytes written as text");
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

function unexpected(what: string): PickleError {
  return new PickleError({
    tag: "malformed",
    message: `The pickle is damaged: ${what} could not be understood; check that the file was copied whole.`,
  });
}

// IEEE 754 binary16: sign, 5 bits of exponent (bias 15), 10 of fraction.
function toFloat16(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0x1f) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1024 + fraction) * 2 ** (exponent - 25);
}
