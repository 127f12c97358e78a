const initialSlots = 2 ** 12;
/** Slots hold two words: 2 GiB. */
const maxSlots = 2 ** 28;

/** Unordered pairs of different indices below 2^32 - 1. */
export type PairSet = {
  has(a: number, b: number): boolean;
  /** Whether the pair is new. @throws RangeError where there are too many */
  add(a: number, b: number): boolean;
};

function hash(low: number, high: number): number {
  const mixed = Math.imul(low, 0x9e3779b1) ^ Math.imul(high, 0x85ebca6b);
  return (mixed ^ (mixed >>> 15)) >>> 0;
}

/** Open addressing, both words of a pair side by side: where tens of millions are asked for, each costs one miss of the cache. */
export function createPairSet(): PairSet {
  let mask = initialSlots - 1;
  let words = new Uint32Array(2 * initialSlots); // a free slot has two equal words
  let size = 0;

  /** Where the pair is, or the free slot that it would take. */
  function slotOf(low: number, high: number): number {
    let slot = hash(low, high) & mask;
    for (;;) {
      const first = words[2 * slot] ?? 0;
      const second = words[2 * slot + 1] ?? 0;
      if ((first === low && second === high) || first === second) return slot;
      slot = (slot + 1) & mask;
    }
  }

  function grow(): void {
    if (mask >= maxSlots - 1) throw new RangeError("too many pairs");
    const old = words;
    mask = 2 * mask + 1;
    words = new Uint32Array(2 * (mask + 1));
    for (let at = 0; at < old.length; at += 2) {
      const low = old[at] ?? 0;
      const high = old[at + 1] ?? 0;
      if (low !== high) put(slotOf(low, high), low, high);
    }
  }

  function put(slot: number, low: number, high: number): void {
    words[2 * slot] = low;
    words[2 * slot + 1] = high;
  }

  return {
    has(a, b) {
      const slot = a < b ? slotOf(a, b) : slotOf(b, a);
      return words[2 * slot] !== words[2 * slot + 1];
    },
    add(a, b) {
      const low = a < b ? a : b;
      const high = a < b ? b : a;
      const slot = slotOf(low, high);
      if (words[2 * slot] !== words[2 * slot + 1]) return false;
      put(slot, low, high);
      size += 1;
      if (2 * size > mask) grow();
      return true;
    },
  };
}
