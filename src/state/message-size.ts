/** At most so much of a message is looked through: more parts than any message of the contract has. */
const maxParts = 100_000;

/** Whether a message from outside holds more than `limit` bytes of text and buffers, or more parts than one would look through. */
export function isLargerThan(message: unknown, limit: number): boolean {
  let bytes = 0;
  const seen = new Set<object>();
  const waiting: unknown[] = [message];
  while (waiting.length > 0) {
    const value = waiting.pop();
    bytes += ownBytes(value);
    if (bytes > limit || seen.size > maxParts || waiting.length > maxParts) return true;
    if (typeof value !== "object" || value === null || ArrayBuffer.isView(value) || seen.has(value)) continue;
    seen.add(value);
    for (const part of partsOf(value)) waiting.push(part);
  }
  return false;
}

function ownBytes(value: unknown): number {
  if (typeof value === "string") return 2 * value.length;
  if (value instanceof ArrayBuffer || ArrayBuffer.isView(value)) return value.byteLength;
  return value instanceof Blob ? value.size : 8;
}

/** A list that is longer than one looks through is as good as its beginning. */
function partsOf(value: object): readonly unknown[] {
  if (Array.isArray(value)) return value.slice(0, maxParts + 1);
  if (value instanceof Map) return [...value.keys(), ...value.values()];
  return value instanceof Set ? [...value] : Object.entries(value).flat();
}
