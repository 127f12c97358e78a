/** First and last byte, both counted from 0 and both included. */
export type ByteRange = { readonly first: number; readonly last: number };

/**
 * The part of a file of `size` bytes that a `Range` header asks for. `whole`: send all of it, as for no header, one that is not understood or several ranges
 * (RFC 9110 section 14.2 lets a server answer so); `unsatisfiable`: nothing of the range is in the file, to be answered with 416.
 */
export function parseByteRange(header: string | undefined, size: number): ByteRange | "whole" | "unsatisfiable" {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header?.trim() ?? "");
  if (!match) return "whole";
  const [, start = "", end = ""] = match;
  if (start === "" && end === "") return "whole";
  if (start === "") return lastBytes(Number(end), size);
  const first = Number(start);
  const last = end === "" ? size - 1 : Math.min(Number(end), size - 1);
  if (end !== "" && Number(end) < first) return "whole";
  return first < size ? { first, last } : "unsatisfiable";
}

function lastBytes(length: number, size: number): ByteRange | "unsatisfiable" {
  if (length === 0 || size === 0) return "unsatisfiable";
  return { first: Math.max(0, size - length), last: size - 1 };
}
