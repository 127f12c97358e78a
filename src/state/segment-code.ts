// Segment ids in few characters: ascending, each as its distance from the one before, seven bits a byte, as base64url.
import { fromBase64Url, toBase64Url } from "./compact-bytes.ts";

const maxId = (1n << 64n) - 1n;

/** Undefined where the texts are not whole numbers of 64 bits as neuroglancer writes them, or one comes twice. */
export function encodeSegments(texts: readonly string[]): string | undefined {
  if (!texts.every((text) => /^(0|[1-9]\d{0,19})$/.test(text))) return undefined;
  const ids = texts.map(BigInt).sort((a, b) => (a < b ? -1 : Number(a > b)));
  if (ids.some((id, i) => id > maxId || id === ids[i - 1])) return undefined;
  return toBase64Url(Uint8Array.from(ids.flatMap((id, i) => toVarint(id - (ids[i - 1] ?? 0n)))));
}

/** @throws SyntaxError, RangeError */
export function decodeSegments(code: string): readonly string[] {
  const ids: string[] = [];
  let [id, distance, shift] = [0n, 0n, 0n];
  const bytes = fromBase64Url(code);
  for (const byte of bytes) {
    distance |= BigInt(byte & 0x7f) << shift;
    shift += 7n;
    if (shift > 70n) throw new RangeError("a segment's id has more than 64 bits");
    if (byte >= 0x80) continue;
    id += distance;
    if (id > maxId) throw new RangeError("a segment's id has more than 64 bits");
    ids.push(String(id));
    [distance, shift] = [0n, 0n];
  }
  if (shift > 0n) throw new SyntaxError("its last segment is cut off");
  return ids;
}

function toVarint(value: bigint): number[] {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 0x80n; rest >>= 7n) bytes.push(Number(rest & 0x7fn) | 0x80);
  return [...bytes, Number(rest)];
}
