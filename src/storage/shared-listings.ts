import type { Listing, ListOptions, Store } from "./store.ts";
import { joinPath } from "./store-path.ts";

type Known = { readonly at: number; readonly listing: Promise<Listing | undefined> };

/** Many runs share three folders: a listing is asked for once and serves everybody for `lifetimeMs`. */
export function withSharedListings(store: Store, lifetimeMs: number, now: () => number = Date.now): Store {
  return toShared(store, "", new Map<string, Known>(), { lifetimeMs, now });
}

type Clock = { readonly lifetimeMs: number; readonly now: () => number };

function toShared(store: Store, root: string, known: Map<string, Known>, clock: Clock): Store {
  return {
    kind: store.kind,
    label: store.label,
    urlOf: (path) => store.urlOf(path),
    read: (path, options) => store.read(path, options),
    readRange: (path, range, options) => store.readRange(path, range, options),
    within: (path) => toShared(store.within(path), joinPath(root, path), known, clock),
    async list(path: string, { signal }: ListOptions = {}) {
      signal?.throwIfAborted();
      const key = joinPath(root, path);
      const fresh = known.get(key);
      if (fresh !== undefined && clock.now() - fresh.at < clock.lifetimeMs) return fresh.listing;
      const listing = store.list(path); // not with one asker's signal: others wait for it too
      known.set(key, { at: clock.now(), listing });
      listing.catch(() => known.delete(key));
      return listing;
    },
  };
}
