/** What DaCapo's stats are made of. A whole number in a `float` is still a Python float. */
export type Pickled =
  | string
  | { readonly int: number }
  | { readonly float: number }
  | readonly Pickled[]
  | ReadonlyMap<string, Pickled>;

/** Items that Python's pickler hands over at once. */
const batchSize = 1000;

type Writer = { readonly bytes: number[]; readonly memo: Map<string, number>; memoised: number };

/** A pickle as Python's protocol 4 writes it, in one frame: strings are memoised and repeated by reference. */
export function toPickle(value: Pickled): Uint8Array {
  const writer: Writer = { bytes: [], memo: new Map(), memoised: 0 };
  writeValue(writer, value);
  writer.bytes.push(0x2e);
  const frame = new Uint8Array(9);
  frame[0] = 0x95;
  new DataView(frame.buffer).setBigUint64(1, BigInt(writer.bytes.length), true);
  return Uint8Array.from([0x80, 4, ...frame, ...writer.bytes]);
}

function writeValue(writer: Writer, value: Pickled): void {
  if (typeof value === "string") writeString(writer, value);
  else if (value instanceof Map) writeDict(writer, value);
  else if (Array.isArray(value)) writeList(writer, value);
  else if ("int" in value) writeInt(writer, value.int);
  else if ("float" in value) writeFloat(writer, value.float);
}

function memoise(writer: Writer): number {
  writer.bytes.push(0x94);
  return writer.memoised++;
}

function writeString(writer: Writer, text: string): void {
  const known = writer.memo.get(text);
  if (known !== undefined)
    return void writer.bytes.push(...(known < 256 ? [0x68, known] : [0x6a, ...littleEndian(known)]));
  const utf8 = new TextEncoder().encode(text);
  if (utf8.length > 255) throw new RangeError(`Names of runs are short: this one has ${utf8.length} bytes.`);
  writer.bytes.push(0x8c, utf8.length, ...utf8);
  writer.memo.set(text, memoise(writer));
}

function writeInt(writer: Writer, value: number): void {
  if (value >= 0 && value < 256) writer.bytes.push(0x4b, value);
  else if (value >= 0 && value < 65536) writer.bytes.push(0x4d, value & 255, value >> 8);
  else writer.bytes.push(0x4a, ...littleEndian(value));
}

function writeFloat(writer: Writer, value: number): void {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setFloat64(0, value);
  writer.bytes.push(0x47, ...bytes);
}

function littleEndian(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setInt32(0, value, true);
  return bytes;
}

function writeList(writer: Writer, items: readonly Pickled[]): void {
  writer.bytes.push(0x5d);
  memoise(writer);
  inBatches(writer, items, 0x61, 0x65, (item) => writeValue(writer, item));
}

function writeDict(writer: Writer, entries: ReadonlyMap<string, Pickled>): void {
  writer.bytes.push(0x7d);
  memoise(writer);
  inBatches(writer, [...entries], 0x73, 0x75, ([key, value]) => {
    writeString(writer, key);
    writeValue(writer, value);
  });
}

/** One item is added by itself, several between a mark and the opcode for many. */
function inBatches<T>(writer: Writer, items: readonly T[], one: number, many: number, write: (item: T) => void): void {
  for (let i = 0; i < items.length; i += batchSize) {
    const batch = items.slice(i, i + batchSize);
    if (batch.length > 1) writer.bytes.push(0x28);
    batch.forEach(write);
    writer.bytes.push(batch.length > 1 ? many : one);
  }
}
