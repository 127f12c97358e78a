import { FormatError } from "./format-error.ts";

/** Text is made of a small window at a time: a file of documents as one text would take three times its size. */
export type JsonCursor = {
  readonly bytes: Uint8Array;
  position: number;
  /** The bytes from `windowStart` on, one character a byte; right for ASCII only. */
  window: string;
  windowStart: number;
};

const windowBytes = 65_536;

export function createJsonCursor(bytes: Uint8Array): JsonCursor {
  const marked = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
  return { bytes, position: marked ? 3 : 0, window: "", windowStart: 0 };
}

const latin1 = new TextDecoder("latin1");

function textBetween(cursor: JsonCursor, start: number, end: number): string {
  if (start < cursor.windowStart || end > cursor.windowStart + cursor.window.length) {
    cursor.windowStart = start;
    cursor.window = latin1.decode(cursor.bytes.subarray(start, Math.max(end, start + windowBytes)));
  }
  return cursor.window.slice(start - cursor.windowStart, end - cursor.windowStart);
}

const maxDepth = 100;
const quote = 0x22;
const backslash = 0x5c;

function tornJson(cursor: JsonCursor): FormatError {
  const message = `The JSON stops at byte ${cursor.bytes.length}, before its end: it is still being written or was cut off; read it again in a moment.`;
  return new FormatError({ tag: "torn", format: "json", message, offset: cursor.bytes.length });
}

export function malformedJson(cursor: JsonCursor, expected: string): FormatError {
  const message = `The JSON is damaged near byte ${cursor.position}: expected ${expected}; check that the file was exported whole.`;
  return new FormatError({ tag: "malformed", format: "json", message, offset: cursor.position });
}

/** The next character that is not white space, left unread. Throws torn at the end. */
export function peekToken(cursor: JsonCursor): number {
  const code = cursor.bytes[skipSpace(cursor)];
  if (code === undefined) throw tornJson(cursor);
  return code;
}

function expectToken(cursor: JsonCursor, character: string): void {
  if (peekToken(cursor) !== character.charCodeAt(0)) throw malformedJson(cursor, JSON.stringify(character));
  cursor.position++;
}

/** Reads `[ ... ]`, calling `readItem` at the beginning of each item. */
export function readItems(cursor: JsonCursor, readItem: () => void): void {
  expectToken(cursor, "[");
  if (peekToken(cursor) === 0x5d) {
    cursor.position++;
    return;
  }
  do readItem();
  while (goesOn(cursor, 0x5d, '"," or "]"'));
}

/** Reads a list, or documents one after another without one (JSON Lines), to the end of the bytes. */
export function readDocuments(cursor: JsonCursor, readDocument: () => void): void {
  if (peekToken(cursor) !== 0x7b) readItems(cursor, readDocument);
  else {
    do readDocument();
    while (skipSpace(cursor) < cursor.bytes.length);
  }
  expectEnd(cursor);
}

/** Where the next character is that is not white space. */
function skipSpace(cursor: JsonCursor): number {
  const { bytes } = cursor;
  for (; cursor.position < bytes.length; cursor.position++) {
    const code = bytes[cursor.position] ?? 0;
    if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) break;
  }
  return cursor.position;
}

/** Reads `{ ... }`, calling `readMember` at the beginning of each value. */
export function readMembers(cursor: JsonCursor, readMember: (key: string) => void): void {
  expectToken(cursor, "{");
  if (peekToken(cursor) === 0x7d) {
    cursor.position++;
    return;
  }
  do {
    const key = readString(cursor);
    expectToken(cursor, ":");
    readMember(key);
  } while (goesOn(cursor, 0x7d, '"," or "}"'));
}

function goesOn(cursor: JsonCursor, close: number, expected: string): boolean {
  const code = peekToken(cursor);
  if (code !== 0x2c && code !== close) throw malformedJson(cursor, expected);
  cursor.position++;
  return code === 0x2c;
}

export function readString(cursor: JsonCursor): string {
  if (peekToken(cursor) !== quote) throw malformedJson(cursor, "a text in quotes");
  const start = cursor.position;
  const plain = skipString(cursor);
  return plain ? textBetween(cursor, start + 1, cursor.position - 1) : decodeString(cursor, start);
}

const utf8 = new TextDecoder();

function decodeString(cursor: JsonCursor, start: number): string {
  try {
    return JSON.parse(utf8.decode(cursor.bytes.subarray(start, cursor.position))) as string;
  } catch {
    throw malformedJson(cursor, "a text with valid escapes");
  }
}

/** Moves past a text in quotes; true when it holds neither escapes nor anything beyond ASCII. */
function skipString(cursor: JsonCursor): boolean {
  const { bytes } = cursor;
  let plain = true;
  for (let position = cursor.position + 1; position < bytes.length; position++) {
    const code = bytes[position] ?? 0;
    if (code === quote) {
      cursor.position = position + 1;
      return plain;
    }
    if (code === backslash) position++;
    if (code === backslash || code > 0x7f || code < 0x20) plain = false;
  }
  throw tornJson(cursor);
}

const words: ReadonlyMap<string, number | boolean | null> = new Map<string, number | boolean | null>([
  ["null", null],
  ["true", true],
  ["false", false],
  ["NaN", Number.NaN],
  ["Infinity", Number.POSITIVE_INFINITY],
  ["-Infinity", Number.NEGATIVE_INFINITY],
]);

/** A number or a bare word: null, true, false, and Python's NaN, Infinity, -Infinity. */
export function readScalar(cursor: JsonCursor): number | boolean | null {
  peekToken(cursor);
  const end = endOfScalar(cursor);
  const text = textBetween(cursor, cursor.position, end);
  const value = numberForm.test(text) ? Number(text) : words.get(text);
  if (value === undefined) throw malformedJson(cursor, `a number, not ${JSON.stringify(text.slice(0, 20))}`);
  cursor.position = end;
  return value;
}

const numberForm = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

// A number at the end of the bytes may go on, so it is torn: the list around it is open anyway.
function endOfScalar(cursor: JsonCursor): number {
  const { bytes } = cursor;
  let end = cursor.position;
  while (end < bytes.length && isScalarByte(bytes[end] ?? 0)) end++;
  if (end === bytes.length) throw tornJson(cursor);
  if (end === cursor.position || end - cursor.position > 400) throw malformedJson(cursor, "a number");
  return end;
}

// Digits, letters, "+", "-", ".".
function isScalarByte(code: number): boolean {
  return (
    (code >= 0x30 && code <= 0x39) ||
    (code >= 0x41 && code <= 0x5a) ||
    (code >= 0x61 && code <= 0x7a) ||
    code === 0x2b ||
    code === 0x2d ||
    code === 0x2e
  );
}

/** Moves past any value, checking its form. Nesting is bounded. */
export function skipValue(cursor: JsonCursor, depth = 0): void {
  if (depth > maxDepth)
    throw new FormatError({
      tag: "limit",
      format: "json",
      message: `The JSON is nested deeper than ${maxDepth} levels.`,
      offset: cursor.position,
    });
  const code = peekToken(cursor);
  if (code === 0x5b) readItems(cursor, () => skipValue(cursor, depth + 1));
  else if (code === 0x7b) readMembers(cursor, () => skipValue(cursor, depth + 1));
  else if (code === quote) skipString(cursor);
  else readScalar(cursor);
}

/** Only white space may follow. */
export function expectEnd(cursor: JsonCursor): void {
  const rest = cursor.bytes.subarray(cursor.position);
  const found = rest.findIndex((byte) => byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09);
  if (found >= 0) throw malformedJson(cursor, "the end");
}
