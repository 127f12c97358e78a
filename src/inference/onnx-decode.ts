import { OnnxError } from "./onnx-error.ts";

/** A varint as a number (int64, rounded beyond 2^53), or the bytes of a string, message or fixed-width value. */
export type FieldValue = number | Uint8Array;

type Cursor = { readonly bytes: Uint8Array; at: number };

/** Calls `visit` for each field of a message in a buffer. Values are views. Throws OnnxError. */
export function readFields(bytes: Uint8Array, visit: (field: number, value: FieldValue) => void): void {
  const cursor = { bytes, at: 0 };
  while (cursor.at < bytes.length) {
    const key = readVarint(cursor);
    const field = Math.floor(key / 8);
    if (!Number.isSafeInteger(key) || field < 1) throw malformedOnnx("a field has no number");
    visit(field, readValue(cursor, key % 8));
  }
}

function readValue(cursor: Cursor, wireType: number): FieldValue {
  switch (wireType) {
    case 0:
      return readVarint(cursor);
    case 1:
      return take(cursor, 8);
    case 2:
      return take(cursor, readVarint(cursor));
    case 5:
      return take(cursor, 4);
    default:
      throw malformedOnnx("a field has an unknown form");
  }
}

function take(cursor: Cursor, length: number): Uint8Array {
  const { bytes, at } = cursor;
  if (!(length >= 0 && length <= bytes.length - at))
    throw new OnnxError("torn", "The ONNX file stops before its end or is damaged; check that it was copied whole.");
  cursor.at = at + length;
  return bytes.subarray(at, at + length);
}

// Seven bits a byte, the lowest first; negative numbers fill all ten bytes.
function readVarint(cursor: Cursor): number {
  let value = 0;
  for (let shift = 0; shift < 63; shift += 7) {
    const byte = take(cursor, 1)[0] ?? 0;
    value += (byte & 0x7f) * 2 ** shift;
    if (byte < 0x80) return value;
  }
  const last = take(cursor, 1)[0] ?? 0;
  if (last > 1) throw malformedOnnx("a number has more than 64 bits");
  return last === 1 ? value - 2 ** 63 : value;
}

const utf8 = new TextDecoder();
const MAX_TEXT_BYTES = 4096;

/** The text of a field; longer than any name is cut. Undefined for a number. */
export function textOf(value: FieldValue): string | undefined {
  return value instanceof Uint8Array ? utf8.decode(value.subarray(0, MAX_TEXT_BYTES)) : undefined;
}

export function messageOf(value: FieldValue): Uint8Array {
  if (value instanceof Uint8Array) return value;
  throw malformedOnnx("a number stands where a part is expected");
}

/** A repeated integer field, one value at a time or packed; at most `limit` values are kept. */
export function pushIntegers(target: number[], value: FieldValue, limit: number): void {
  if (!(value instanceof Uint8Array)) {
    if (target.length < limit) target.push(value);
    return;
  }
  const cursor = { bytes: value, at: 0 };
  while (cursor.at < value.length && target.length < limit) target.push(readVarint(cursor));
}

export function malformedOnnx(found: string): OnnxError {
  return new OnnxError(
    "malformed",
    `This is no ONNX model that can be read: ${found}; check that it is the right file.`,
  );
}
