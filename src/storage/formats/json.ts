import { FormatError } from "./format-error.ts";
import type { JsonCursor } from "./json-cursor.ts";
import {
  createJsonCursor,
  expectEnd,
  peekToken,
  readItems,
  readMembers,
  readScalar,
  readString,
} from "./json-cursor.ts";

/** Objects have no prototype: any key, `__proto__` too, is only a key. */
export type JsonValue = null | boolean | number | string | readonly JsonValue[] | { readonly [key: string]: JsonValue };

const maxDepth = 64;
const maxBytes = 16 * 2 ** 20;

/**
 * JSON as Python writes it: NaN, Infinity and -Infinity may stand bare (attributes of legacy best arrays hold such scores).
 * Throws FormatError: torn (also when empty), malformed, limit.
 */
export function parseJson(bytes: Uint8Array): JsonValue {
  if (bytes.length > maxBytes)
    throw tooLarge(`The JSON has ${bytes.length} bytes, more than the ${maxBytes} that are read.`);
  const cursor = createJsonCursor(bytes);
  const value = readValue(cursor, 0);
  expectEnd(cursor);
  return value;
}

function readValue(cursor: JsonCursor, depth: number): JsonValue {
  if (depth > maxDepth) throw tooLarge(`The JSON is nested deeper than ${maxDepth} levels.`);
  const code = peekToken(cursor);
  if (code === 0x5b) return readList(cursor, depth + 1);
  if (code === 0x7b) return readRecord(cursor, depth + 1);
  return code === 0x22 ? readString(cursor) : readScalar(cursor);
}

function readList(cursor: JsonCursor, depth: number): JsonValue[] {
  const items: JsonValue[] = [];
  readItems(cursor, () => items.push(readValue(cursor, depth)));
  return items;
}

function readRecord(cursor: JsonCursor, depth: number): JsonValue {
  const record = Object.create(null) as Record<string, JsonValue>;
  readMembers(cursor, (key) => {
    record[key] = readValue(cursor, depth);
  });
  return record;
}

function tooLarge(message: string): FormatError {
  return new FormatError({ tag: "limit", format: "json", message });
}
