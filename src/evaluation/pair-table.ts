const initialCapacity = 1024;
const maxLoad = 0.5;

/** Gives each distinct pair of 32-bit words the next free index, in order of first sight: 0, 1, 2, … */
export type PairTable = {
  readonly size: () => number;
  readonly indexOf: (first: number, second: number) => number;
  /** The words of every pair, by index; views that are valid until the next `indexOf`. */
  readonly pairs: () => { readonly first: Uint32Array; readonly second: Uint32Array };
};

/** Mixes two words into 32 bits (the finaliser of MurmurHash3), so that dense ids spread over the slots. */
function hash(first: number, second: number): number {
  let mixed = Math.imul(first, 0x9e3779b1) ^ Math.imul(second ^ (first >>> 15), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}

/** An open-addressing hash table on typed arrays: no object is made for a pair, so millions of voxels stay linear. */
export function createPairTable(): PairTable {
  let capacity = initialCapacity;
  let size = 0;
  let slots = new Int32Array(capacity).fill(-1);
  let first = new Uint32Array(capacity * maxLoad);
  let second = new Uint32Array(capacity * maxLoad);

  function slotOf(a: number, b: number): number {
    let slot = hash(a, b) & (capacity - 1);
    for (let index = slots[slot] ?? -1; index >= 0; index = slots[slot] ?? -1) {
      if (first[index] === a && second[index] === b) return slot;
      slot = (slot + 1) & (capacity - 1);
    }
    return slot;
  }

  function grow(): void {
    capacity *= 2;
    slots = new Int32Array(capacity).fill(-1);
    first = extended(first, capacity * maxLoad);
    second = extended(second, capacity * maxLoad);
    for (let index = 0; index < size; index += 1) slots[slotOf(first[index] ?? 0, second[index] ?? 0)] = index;
  }

  function append(slot: number, a: number, b: number): number {
    first[size] = a;
    second[size] = b;
    slots[slot] = size;
    size += 1;
    if (size >= capacity * maxLoad) grow();
    return size - 1;
  }

  return {
    size: () => size,
    indexOf(firstWord, secondWord) {
      const a = firstWord >>> 0;
      const b = secondWord >>> 0;
      const slot = slotOf(a, b);
      const index = slots[slot] ?? -1;
      return index >= 0 ? index : append(slot, a, b);
    },
    pairs: () => ({ first: first.subarray(0, size), second: second.subarray(0, size) }),
  };
}

function extended(words: Uint32Array<ArrayBuffer>, length: number): Uint32Array<ArrayBuffer> {
  const longer = new Uint32Array(length);
  longer.set(words);
  return longer;
}
