import { StorageError } from "./errors.ts";

/** Splits a relative path. @throws StorageError "bad-address" for `.`, `..`, empty segments, backslashes or NUL. */
export function toSegments(path: string): readonly string[] {
  if (path === "") return [];
  const segments = path.split("/");
  if (!segments.every(isPlainName)) {
    throw new StorageError({
      tag: "bad-address",
      subject: path,
      message: `"${path}" is not a path inside a run.`,
      hint: 'Names may not be empty, "." or "..", nor hold slashes, backslashes or control characters.',
    });
  }
  return segments;
}

/** A name that stays inside its directory: also the filter for names that a listing reports. */
export function isPlainName(name: string): boolean {
  if (name === "" || name === "." || name === ".." || name.length > 1024) return false;
  for (let i = 0; i < name.length; i++) {
    const code = name.charCodeAt(i);
    if (code < 32 || code === 127 || code === 0x2f || code === 0x5c) return false;
  }
  return true;
}

export function joinPath(...parts: readonly string[]): string {
  return parts.filter((part) => part !== "").join("/");
}

/** Percent-encodes each segment, also the marks `!'()*` that `encodeURIComponent` leaves. */
export function encodePath(path: string): string {
  return toSegments(path).map(encodeSegment).join("/");
}

function encodeSegment(segment: string): string {
  return encodeURIComponent(segment).replace(/[!'()*]/g, (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`);
}

/** Names in code point order, each once, hostile ones dropped. */
export function toNames(names: Iterable<string>): readonly string[] {
  return [...new Set(names)].filter(isPlainName).sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
}
