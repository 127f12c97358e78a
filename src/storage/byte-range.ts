import { StorageError } from "./errors.ts";
import type { ByteRange, Stamp } from "./store.ts";

/** First byte and end (exclusive) of a range in a file of `size` bytes; a range past the end is empty. */
export function toInterval(range: ByteRange, size: number): { readonly begin: number; readonly end: number } {
  if ("suffixLength" in range) return { begin: Math.max(0, size - range.suffixLength), end: size };
  const begin = Math.min(range.offset, size);
  return { begin, end: Math.min(begin + range.length, size) };
}

export function checkRange(range: ByteRange, subject: string): void {
  const numbers = "suffixLength" in range ? [range.suffixLength] : [range.offset, range.length];
  if (numbers.every((n) => Number.isSafeInteger(n) && n >= 0)) return;
  const message = `"${subject}" was asked for bytes ${numbers.join(" + ")}.`;
  throw new StorageError({ tag: "bad-address", subject, message, hint: "Its metadata is probably damaged." });
}

export function checkSize(size: number, maxBytes: number, subject: string): void {
  if (size <= maxBytes) return;
  throw new StorageError({
    tag: "too-large",
    subject,
    message: `${subject} has ${size} bytes, more than the ${maxBytes} that are read at once.`,
    hint: "Check that the address is right.",
  });
}

/** True when both stamps prove the same version of a file: an equal ETag, else an equal time and size. */
export function isSameStamp(a: Stamp, b: Stamp): boolean {
  if (a.etag !== undefined && b.etag !== undefined) return toOpaque(a.etag) === toOpaque(b.etag);
  if (a.lastModified === undefined || a.recent || a.lastModified !== b.lastModified) return false;
  return a.size === undefined || b.size === undefined || a.size === b.size;
}

/** A weak ETag, as a compressing proxy writes it, names the same content. */
function toOpaque(etag: string): string {
  return etag.replace(/^W\//, "");
}
