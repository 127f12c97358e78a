// Hostile input from real files: the same seed gives the same inputs, so that a failure can be shown again by its number.

export type Random = {
  /** A whole number from 0 to below `end`. */
  below(end: number): number;
  pick<T>(items: readonly T[]): T;
  chance(probability: number): boolean;
};

/** mulberry32: small, fast, the same everywhere. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (end: number) => Math.floor(next() * end);
  return { below, chance: (probability) => next() < probability, pick: (items) => pickAt(items, below(items.length)) };
}

function pickAt<T>(items: readonly T[], index: number): T {
  const item = items[index];
  if (item === undefined) throw new RangeError("nothing to pick from");
  return item;
}

const extremes = [0x00, 0x01, 0x7f, 0x80, 0xff, 0x0a, 0x22, 0x2e, 0x28];

/** One small change: bytes flipped, cut out, doubled, moved in from another file, or the end cut off. */
export function mutateBytes(random: Random, bytes: Uint8Array, others: readonly Uint8Array[]): Uint8Array {
  const at = random.below(bytes.length + 1);
  const until = Math.min(bytes.length, at + random.below(24));
  const other = random.pick(others);
  const from = random.below(other.length + 1);
  const spliced = other.subarray(from, from + random.below(40));
  switch (random.below(7)) {
    case 0:
      return bytes.slice(0, at);
    case 1:
      return join(bytes.subarray(0, at), bytes.subarray(until));
    case 2:
      return join(bytes.subarray(0, until), bytes.subarray(at));
    case 3:
      return join(bytes.subarray(0, at), spliced, bytes.subarray(until));
    case 4:
      return join(bytes.subarray(0, at), spliced, bytes.subarray(at));
    case 5:
      return replaced(bytes, at, random.pick(extremes));
    default:
      return replaced(bytes, at, random.below(256));
  }
}

function join(...parts: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}

function replaced(bytes: Uint8Array, at: number, value: number): Uint8Array {
  const copy = bytes.slice();
  copy[at] = value;
  return copy;
}

/** One to four changes to one of the seeds, mostly one. */
export function mutateSeed(random: Random, seeds: readonly Uint8Array[]): Uint8Array {
  let bytes = random.pick(seeds);
  for (let changes = 1 + random.below(2) * random.below(4); changes > 0; changes--)
    bytes = mutateBytes(random, bytes, seeds);
  return bytes;
}

export function randomBytes(random: Random, length: number): Uint8Array {
  return Uint8Array.from({ length }, () => random.below(256));
}

const words = [
  "iteration",
  "loss",
  "scores",
  "__proto__",
  "constructor",
  "numpy",
  "dtype",
  "f8",
  "<",
  "os",
  "system",
  "latin1",
];
const bytesOf = (text: string) => [...text].map((character) => character.charCodeAt(0) & 0xff);
const lines = [
  "0",
  "1",
  "-5",
  "01",
  "nan",
  "inf",
  "1e400",
  "9".repeat(30),
  "x",
  "'a'",
  "\\u0041",
  "numpy\ndtype",
  "os\nsystem",
  "_codecs\nencode",
];

type Argument = (random: Random) => readonly number[];
const nothing: Argument = () => [];
const line: Argument = (random) => [...bytesOf(random.pick(lines)), 10];
const index: Argument = (random) => [random.below(6)];
const index4: Argument = (random) => [random.below(6), 0, 0, random.chance(0.05) ? 0xff : 0];
const number =
  (length: number): Argument =>
  (random) =>
    Array.from({ length }, () => random.pick([0, 1, 0x7f, 0x80, 0xff]));
const text =
  (lengthBytes: number): Argument =>
  (random) => {
    const word = bytesOf(random.pick(words));
    const length = random.chance(0.05) ? 255 : word.length;
    return [length, ...Array<number>(lengthBytes - 1).fill(random.chance(0.03) ? 0xff : 0), ...word];
  };

// Every opcode of protocols 0 to 5, with arguments that are mostly well formed.
const opcodes: readonly (readonly [string, Argument])[] = [
  ["()]}012NRabdelostu.\x81\x85\x86\x87\x88\x89\x8f\x90\x91\x92\x93\x94\x97\x98Q", nothing],
  ["FILPSVcigp", line],
  ["hqK", index],
  ["jr", index4],
  ["G", number(8)],
  ["J", number(4)],
  ["M", number(2)],
  ["CU\x8a\x8c", text(1)],
  ["BTX\x8b", text(4)],
  ["\x8d\x8e\x96", text(8)],
  ["\x80\x82", index],
  ["\x83", number(2)],
  ["\x84", number(4)],
  ["\x95", (random) => [random.below(40), 0, 0, 0, 0, 0, 0, random.chance(0.1) ? 0xff : 0]],
];
const table = opcodes.flatMap(([codes, argument]) => bytesOf(codes).map((code) => [code, argument] as const));

/** A pickle that never was: a random program of real instructions. */
export function randomPickle(random: Random): Uint8Array {
  const program: number[] = random.chance(0.5) ? [0x80, random.below(6)] : [];
  for (let steps = random.below(40); steps > 0; steps--) {
    const [code, argument] = random.pick(table);
    program.push(code, ...argument(random));
  }
  return Uint8Array.from([...program, 0x2e]);
}

const yamlParts = [
  "a",
  "b: ",
  "- ",
  "? ",
  ": ",
  "[",
  "]",
  "{",
  "}",
  ",",
  "&x ",
  "*x",
  "!!python/tuple ",
  "!!python/object/apply:os.system ",
  "!!str ",
  "!t ",
  "|\n ",
  ">-\n ",
  "'",
  '"',
  "\\x41",
  "#",
  "\n",
  "\n  ",
  "\n    ",
  "---\n",
  "...\n",
  "%YAML 1.1\n",
  "<<: ",
  "__proto__: ",
  "constructor: ",
  "1e3",
  ".nan",
  "~",
  "\t",
  "\u0000",
  "\ufeff",
  "0x",
  "1:30",
  "@",
  "`",
];

export function randomYaml(random: Random): string {
  return Array.from({ length: random.below(40) }, () => random.pick(yamlParts)).join("");
}

const attributeKeys = [
  "axis_names",
  "axes",
  "_ARRAY_DIMENSIONS",
  "types",
  "units",
  "dimension_units",
  "voxel_size",
  "resolution",
  "offset",
  "scale",
  "pixelResolution",
  "transform",
  "multiscales",
  "ome",
  "datasets",
  "path",
  "coordinateTransformations",
  "translation",
  "type",
  "dimensions",
  "shape",
  "__proto__",
  "constructor",
  "toString",
  "ordering",
  "translate",
  "unit",
];
const attributeValues = [
  "[]",
  "{}",
  "null",
  "true",
  "NaN",
  "-Infinity",
  "0",
  "-1",
  "1e999",
  "4.5",
  '"x"',
  '"c^"',
  '"nm"',
  '"F"',
  '["z","y","x"]',
  '["x","y","z"]',
  "[45,9,9]",
  "[1,2]",
  "[0,0,0]",
  '["channel","space"]',
  '"s0"',
  '[{"path":"s0"}]',
  '"\\u0000"',
  "[[1]]",
  "9".repeat(40),
];

/** Text of a JSON object with the keys that array metadata is read from. */
export function randomAttributes(random: Random, depth = 0): string {
  const value = () =>
    depth < 3 && random.chance(0.25) ? randomAttributes(random, depth + 1) : random.pick(attributeValues);
  const wrapped = () => (random.chance(0.1) ? `[${value()},${value()}]` : value());
  return `{${Array.from({ length: random.below(7) }, () => `"${random.pick(attributeKeys)}": ${wrapped()}`).join(", ")}}`;
}

const documentKeys = ["iteration", "loss", "time", "scores", "run_name", "_id"];
const documentValues = [
  "0",
  "7",
  "-1",
  "1.5",
  "1e-05",
  "NaN",
  "null",
  "Infinity",
  '"a"',
  "[]",
  "[[[0.5,null]]]",
  "[[1]]",
  '{"$numberInt":"4"}',
  '{"$oid":"6a"}',
  "true",
];

/** Text of a list of documents with the keys of exported statistics. */
export function randomDocuments(random: Random): string {
  const member = (key: string) => `"${key}": ${random.pick(documentValues)}`;
  const keys = () => (random.chance(0.7) ? documentKeys.slice(0, 4) : documentKeys.filter(() => random.chance(0.5)));
  return `[${Array.from({ length: random.below(4) }, () => `{${keys().map(member).join(",")}}`).join(", ")}]`;
}
