const digitBits = 11;
const passes = 3;
const digits = 2 ** digitBits;
const signBit = 0x80000000;

/**
 * The positions in ascending order of the float32 values at them: a radix sort of 11 bits at a time, stable, as comparing would
 * cost more than all that is done with the order. `positions` is taken over. Takes 12 bytes a position beside it; NaN must not occur.
 */
export function sortByValue(values: Float32Array, positions: Uint32Array<ArrayBuffer>): Uint32Array<ArrayBuffer> {
  let from = { keys: toKeys(values, positions), positions };
  let to = { keys: new Uint32Array(positions.length), positions: new Uint32Array(positions.length) };
  const starts = countDigits(from.keys);
  for (let pass = 0; pass < passes; pass += 1) {
    scatter(from, to, starts.subarray(pass * digits, (pass + 1) * digits), pass * digitBits);
    [from, to] = [to, from];
  }
  return from.positions;
}

/** Unsigned numbers in the order of the floats: negative ones have all bits turned, the others the first. */
function toKeys(values: Float32Array, positions: Uint32Array): Uint32Array<ArrayBuffer> {
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length);
  const keys = new Uint32Array(positions.length);
  for (let i = 0; i < keys.length; i += 1) {
    const word = bits[positions[i] ?? 0] ?? 0;
    keys[i] = word & signBit ? ~word : word | signBit;
  }
  return keys;
}

/** For each pass, where the keys of each digit begin. */
function countDigits(keys: Uint32Array): Uint32Array {
  const counts = new Uint32Array(passes * digits);
  for (let i = 0; i < keys.length; i += 1) {
    const key = keys[i] ?? 0;
    for (let pass = 0; pass < passes; pass += 1) {
      const digit = pass * digits + ((key >>> (pass * digitBits)) & (digits - 1));
      counts[digit] = (counts[digit] ?? 0) + 1;
    }
  }
  for (let pass = 0; pass < passes; pass += 1) {
    toStarts(counts.subarray(pass * digits, (pass + 1) * digits));
  }
  return counts;
}

function toStarts(counts: Uint32Array): void {
  let start = 0;
  for (let digit = 0; digit < counts.length; digit += 1) {
    const count = counts[digit] ?? 0;
    counts[digit] = start;
    start += count;
  }
}

type Keyed = { readonly keys: Uint32Array<ArrayBuffer>; readonly positions: Uint32Array<ArrayBuffer> };

function scatter(from: Keyed, to: Keyed, starts: Uint32Array, shift: number): void {
  const { keys, positions } = from;
  const { keys: sortedKeys, positions: sorted } = to;
  for (let i = 0; i < keys.length; i += 1) {
    const key = keys[i] ?? 0;
    const digit = (key >>> shift) & (digits - 1);
    const at = starts[digit] ?? 0;
    starts[digit] = at + 1;
    sortedKeys[at] = key;
    sorted[at] = positions[i] ?? 0;
  }
}
