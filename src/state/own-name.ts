/** The last part of an address's path that says something, for people. */
export function nameOfAddress(address: string): string {
  const path = address.replace(/[?#].*$/, "").replace(/\/+$/, "");
  const parts = path.split("/").map(decode);
  const says = isPlain(parts.at(-1)) ? -2 : -1; // "crop/raw" tells more than "raw"
  return parts.slice(says).join("/") || address;
}

function isPlain(name: string | undefined): boolean {
  return /^(raw|labels|s?\d+|rdf\.yaml|bioimageio\.yaml|model\.onnx|weights\.onnx)$/i.test(name ?? "");
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
