// The hash of a view URL: neuroglancer's state as plain `#!{...}` JSON, or compact as `#1.` + base64url of deflated JSON.
// The leading number is the version of the compact form; old versions stay readable.
const compactPrefix = "1.";
/** Far above any view of ours; what inflates beyond it is refused. */
const maxJsonBytes = 1 << 20;

/** Throws SyntaxError or RangeError with a phrase that fits into a sentence. */
export async function decodeView(hash: string): Promise<unknown> {
  const text = hash.replace(/^#/, "");
  if (text.startsWith("!")) return parseJson(decodePercent(text.slice(1)));
  if (text.startsWith(compactPrefix)) return parseJson(await inflate(fromBase64Url(text.slice(compactPrefix.length))));
  throw new SyntaxError("it starts neither with #! nor with #1.");
}

export async function encodeView(view: unknown): Promise<string> {
  const bytes = new TextEncoder().encode(JSON.stringify(view));
  const deflated = await new Response(
    new Blob([bytes]).stream().pipeThrough(new CompressionStream("deflate-raw")),
  ).bytes();
  return compactPrefix + toBase64Url(deflated);
}

function parseJson(text: string): unknown {
  if (text.length > maxJsonBytes) throw new RangeError("it is longer than any view");
  const value: unknown = JSON.parse(text);
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value;
  throw new SyntaxError("expected an object of neuroglancer state");
}

function decodePercent(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // plain JSON with a bare % in it
  }
}

async function inflate(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const reader = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate-raw")).getReader();
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let text = "";
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    text += decoder.decode(next.value, { stream: true });
    if (text.length > maxJsonBytes) {
      await reader.cancel();
      throw new RangeError("it is longer than any view");
    }
  }
  return text + decoder.decode();
}

function toBase64Url(bytes: Uint8Array): string {
  const text = Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
  return btoa(text).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

function fromBase64Url(text: string): Uint8Array<ArrayBuffer> {
  if (!/^[A-Za-z0-9_-]*$/.test(text)) throw new SyntaxError("it has characters that no compact view has");
  const plain = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(plain, (character) => character.charCodeAt(0));
}
