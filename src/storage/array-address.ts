import { StorageError } from "./errors.ts";
import { type AddressOptions, openStore, toStoreDescription } from "./open-store.ts";
import type { Store } from "./store.ts";

/** A store, and what in it an address means. */
export type ArrayPlace = { readonly store: Store; readonly path: string };

const CONTAINER = /\.(zarr|n5)$/i;

/**
 * Where the address of an array, or of a group of scales, points to: the store is rooted at its container, so that what groups say of
 * their arrays is found and nothing outside is asked for. neuroglancer's own spellings ("zarr://https://...") are taken too.
 * @throws StorageError "bad-address"
 */
export function toArrayPlace(address: string, base: string, options: AddressOptions = {}): ArrayPlace {
  const text = withoutScheme(address.trim());
  const [, head = "", path = "", tail = ""] = /^([a-z0-9]+:\/\/[^/?#]+|)([^?#]*)(.*)$/i.exec(text) ?? [];
  const segments = path.replace(/\/+$/, "").split("/");
  const named = segments.findIndex((segment) => CONTAINER.test(segment));
  const end = named >= 0 ? named + 1 : Math.max(1, segments.length - 1);
  const store = openStore(
    toStoreDescription(`${head}${segments.slice(0, end).join("/")}${tail}` || ".", base, options),
  );
  return { store, path: segments.slice(end).map(decode).join("/") };
}

function withoutScheme(address: string): string {
  const [, scheme, rest] = /^([a-z0-9]+):\/\/([a-z0-9]+:\/\/.*)$/i.exec(address) ?? [];
  if (scheme === undefined || rest === undefined) return address.replace(/\|(zarr[23]?|n5):.*$/i, "");
  if (/^(zarr[23]?|n5)$/i.test(scheme)) return rest;
  throw new StorageError({
    tag: "bad-address",
    subject: address,
    message: `"${address}" is ${scheme}, which is not read here.`,
    hint: "Give the address of a zarr or N5 array.",
  });
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
