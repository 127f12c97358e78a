// Segment ids as people type them.

const LARGEST = 2n ** 64n - 1n;
const MAX_TYPED = 1000;

export type TypedIds = { readonly ids: readonly bigint[] } | { readonly problem: string };

/** "12, 7" and the like; whatever is no id is named in a sentence. */
export function parseSegmentIds(text: string): TypedIds {
  const words = text.split(/[\s,;]+/).filter((word) => word !== "");
  if (words.length === 0) return { problem: "Give an id, or several with commas between." };
  if (words.length > MAX_TYPED) return { problem: `That are ${words.length} ids; at most ${MAX_TYPED} go at once.` };
  const odd = words.find((word) => !isId(word));
  if (odd === undefined) return { ids: words.map(BigInt) };
  if (/^0+$/.test(odd)) return { problem: "0 is the background, which is no segment." };
  const shown = odd.length > 24 ? `${odd.slice(0, 24)}…` : odd;
  return { problem: `“${shown}” is no id: ids are whole numbers from 1 to ${LARGEST}.` };
}

function isId(word: string): boolean {
  if (!/^\d{1,20}$/.test(word)) return false;
  const id = BigInt(word);
  return id > 0n && id <= LARGEST;
}
