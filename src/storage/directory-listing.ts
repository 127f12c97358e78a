import type { Listing } from "./store.ts";
import { toNames } from "./store-path.ts";

type Entry = { readonly name: string; readonly isDirectory: boolean; readonly entries?: readonly Entry[] };

/** Deeper than any run; what is nested further is not looked at. */
const MAX_DEPTH = 8;

/**
 * What a server answered at the address of a directory, as names: JSON of our server, nginx or Caddy; HTML of nginx,
 * Apache, Caddy or Python's http.server. `undefined` when it is none of these. Names that would leave the directory
 * are dropped.
 */
export function parseListing(text: string, contentType: string): Listing | undefined {
  const isJson = contentType.toLowerCase().includes("json");
  const entries = isJson ? parseJsonEntries(text) : parseHtmlEntries(text);
  return entries && toListing(entries);
}

function toListing(entries: readonly Entry[]): Listing {
  const directories = toNames(entries.filter((entry) => entry.isDirectory).map((entry) => entry.name));
  const files = toNames(entries.filter((entry) => !entry.isDirectory).map((entry) => entry.name));
  const told = entries.flatMap(({ name, entries: inner }) => (inner ? [[name, toListing(inner)] as const] : []));
  return { directories, files, ...(told.length > 0 && { below: new Map(told) }) };
}

function parseJsonEntries(text: string): readonly Entry[] | undefined {
  const document = parseJson(text);
  if (Array.isArray(document)) return document.flatMap((entry) => toServerEntry(entry));
  if (!isRecord(document) || document.directory !== true || !Array.isArray(document.entries)) return undefined;
  return document.entries.flatMap((entry) => toServerEntry(entry));
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** `{name, type}` (ours, nginx) or `{name: "x/", is_dir}` (Caddy). Ours may tell the entries of directories, too. */
function toServerEntry(value: unknown, depth = 1): readonly Entry[] {
  if (!isRecord(value) || typeof value.name !== "string") return [];
  const isDirectory = value.type === "directory" || value.is_dir === true;
  if (!isDirectory && value.type !== "file" && value.is_dir !== false) return [];
  const isTold = isDirectory && depth < MAX_DEPTH && Array.isArray(value.entries);
  const entries = isTold && (value.entries as readonly unknown[]).flatMap((inner) => toServerEntry(inner, depth + 1));
  const name = isDirectory ? value.name.replace(/\/$/, "") : value.name;
  return [{ name, isDirectory, ...(entries && { entries }) }];
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Any page has links: only those pages count that call themselves a listing. */
function parseHtmlEntries(text: string): readonly Entry[] | undefined {
  const head = text.slice(0, 100_000);
  const isListing =
    /<title>\s*(index of|directory listing for)\b/i.test(head) || /class="?(listing|entry-)/i.test(head);
  return isListing ? [...toLinks(text)].flatMap(toLinkedEntry) : undefined;
}

/** The `href` of every `<a>`, entities resolved. One pass: listings can be long and hostile. */
function* toLinks(html: string): Generator<string> {
  let end = 0;
  for (let at = html.indexOf("<a"); at >= 0; at = html.indexOf("<a", end)) {
    end = html.indexOf(">", at);
    if (end < 0) return;
    const href = /^<a\s(?:[^>]*\s)?href\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))/i.exec(
      html.slice(at, Math.min(end, at + 8192)),
    );
    if (href) yield decodeEntities(href[1] ?? href[2] ?? href[3] ?? "");
  }
}

/** Sorting links ("?C=N"), other sites, absolute and parent addresses are not entries. */
function toLinkedEntry(href: string): readonly Entry[] {
  if (/^[a-z][a-z0-9+.-]*:/i.test(href)) return [];
  const path = href.replace(/^\.\//, "").replace(/[?#].*$/s, "");
  const isDirectory = path.endsWith("/");
  const segment = isDirectory ? path.slice(0, -1) : path;
  if (segment === "" || segment.includes("/")) return [];
  const name = decodePercent(segment);
  return name === undefined ? [] : [{ name, isDirectory }];
}

function decodePercent(segment: string): string | undefined {
  try {
    return decodeURIComponent(segment);
  } catch {
    return undefined;
  }
}

const ENTITIES = new Map([
  ["amp", "&"],
  ["lt", "<"],
  ["gt", ">"],
  ["quot", '"'],
  ["apos", "'"],
  ["nbsp", " "],
]);

function decodeEntities(text: string): string {
  return text.replace(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|([a-z]{1,8}));/gi, (whole, decimal, hex, name) => {
    if (name !== undefined) return ENTITIES.get(name) ?? whole;
    const code = decimal === undefined ? Number.parseInt(hex, 16) : Number(decimal);
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}

export type BucketPage = { readonly listing: Listing; readonly nextToken: string | undefined };

/** One page of S3's ListObjectsV2 with delimiter "/": `prefix` is what was asked for, and is cut from the keys. */
export function parseBucketPage(xml: string, prefix: string): BucketPage | undefined {
  if (!xml.slice(0, 1000).includes("<ListBucketResult")) return undefined;
  const keys = toElements(xml, "Contents").flatMap((element) => toElements(element, "Key"));
  const prefixes = toElements(xml, "CommonPrefixes").flatMap((element) => toElements(element, "Prefix"));
  const toEntry = (isDirectory: boolean) => (key: string) => {
    const path = decodeEntities(key);
    const name = path.startsWith(prefix) ? path.slice(prefix.length).replace(/\/$/, "") : "";
    return { name, isDirectory };
  };
  const listing = toListing([...keys.map(toEntry(false)), ...prefixes.map(toEntry(true))]);
  const token = toElements(xml, "NextContinuationToken")[0];
  return { listing, nextToken: token === undefined ? undefined : decodeEntities(token) };
}

/** The texts inside `<name>...</name>`, in order: enough for S3's flat answers. */
function toElements(xml: string, name: string): readonly string[] {
  const [open, close] = [`<${name}>`, `</${name}>`];
  const texts: string[] = [];
  for (let at = xml.indexOf(open); at >= 0; at = xml.indexOf(open, at)) {
    const end = xml.indexOf(close, at);
    if (end < 0) break;
    texts.push(xml.slice(at + open.length, end));
    at = end;
  }
  return texts;
}
