// The hash of a view URL: neuroglancer's state as plain `#!{...}` JSON, or compact with the version of its form in front.
// `#1.`: base64url of deflated JSON. `#2.`: the same of `[view, segments]`, in which the selected segments of layers are
// coded by themselves. Whatever was ever written stays readable: see fixtures/links.json.
import { deflate, fromBase64Url, inflate, toBase64Url } from "./compact-bytes.ts";
import { decodeSegments, encodeSegments } from "./segment-code.ts";

type Json = Readonly<Record<string, unknown>>;

/** What is taken out of a layer: its index, the segments that are shown, and those that are selected but hidden. */
type LayerSegments = readonly [layer: number, shown: string, hidden: string];

/** Far above any view of ours; what inflates beyond it is refused. */
const maxJsonLength = 1 << 20;

/** Throws an Error with a phrase that fits into a sentence. */
export async function decodeView(hash: string): Promise<unknown> {
  const text = hash.replace(/^#/, "");
  if (text.startsWith("!")) return toView(parseJson(decodePercent(text.slice(1))));
  const [, version, code = ""] = /^(\d{1,4})\.(.*)$/s.exec(text) ?? [];
  if (version === "1") return toView(await unpack(code));
  if (version === "2") return putSegmentsBack(await unpack(code));
  if (version === undefined) throw new SyntaxError("it starts neither with #! nor with the number of a compact form");
  throw new RangeError(`its form ${version} is newer than this viewer`);
}

/** Undefined where it would be too long to be read again. */
export async function encodeView(view: unknown): Promise<string | undefined> {
  const text = JSON.stringify(takeSegmentsOut(view));
  return text.length > maxJsonLength ? undefined : `2.${toBase64Url(await deflate(text))}`;
}

async function unpack(code: string): Promise<unknown> {
  return parseJson(await inflate(fromBase64Url(code), maxJsonLength));
}

function parseJson(text: string): unknown {
  if (text.length > maxJsonLength) throw new RangeError("it is longer than any view");
  return JSON.parse(text);
}

function toView(value: unknown): Json {
  if (isRecord(value)) return value;
  throw new SyntaxError("expected an object of neuroglancer state");
}

function isRecord(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function decodePercent(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // plain JSON with a bare % in it
  }
}

function takeSegmentsOut(view: unknown): readonly [view: unknown, segments: readonly LayerSegments[]] {
  if (!isRecord(view) || !Array.isArray(view.layers)) return [view, []];
  const segments: LayerSegments[] = [];
  const layers = view.layers.map((layer: unknown, index) => {
    const coded = isRecord(layer) ? codeSegments(layer.segments) : undefined;
    if (coded === undefined || !isRecord(layer)) return layer;
    segments.push([index, ...coded]);
    const { segments: _, ...rest } = layer;
    return rest;
  });
  return [{ ...view, layers }, segments];
}

function codeSegments(ids: unknown): readonly [shown: string, hidden: string] | undefined {
  if (!Array.isArray(ids) || ids.length === 0 || !ids.every((id): id is string => typeof id === "string")) return;
  const isHidden = (id: string) => id.startsWith("!");
  const shown = encodeSegments(ids.filter((id) => !isHidden(id)));
  const hidden = encodeSegments(ids.filter(isHidden).map((id) => id.slice(1)));
  return shown === undefined || hidden === undefined ? undefined : [shown, hidden];
}

function putSegmentsBack(packed: unknown): Json {
  const [view, segments] = Array.isArray(packed) ? packed : [];
  const known = toView(view);
  if (!Array.isArray(segments) || !segments.every(isLayerSegments))
    throw new SyntaxError("its segments are not listed");
  if (segments.length === 0) return known;
  const of = new Map(segments.map(([layer, shown, hidden]) => [layer, toIds(shown, hidden)]));
  const layers: readonly unknown[] = Array.isArray(known.layers) ? known.layers : [];
  return { ...known, layers: layers.map((layer, index) => withSegments(layer, of.get(index))) };
}

function isLayerSegments(value: unknown): value is LayerSegments {
  const [layer, ...codes] = Array.isArray(value) ? value : [];
  return Number.isSafeInteger(layer) && codes.length === 2 && codes.every((code) => typeof code === "string");
}

function toIds(shown: string, hidden: string): readonly string[] {
  return [...decodeSegments(shown), ...decodeSegments(hidden).map((id) => `!${id}`)];
}

function withSegments(layer: unknown, segments: readonly string[] | undefined): unknown {
  return segments !== undefined && isRecord(layer) ? { ...layer, segments } : layer;
}
