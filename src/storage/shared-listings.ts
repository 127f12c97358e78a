import type { Listing, ListOptions, Store } from "./store.ts";
import { joinPath } from "./store-path.ts";

type Known = { readonly at: number; readonly depth: number; readonly listing: Promise<Listing | undefined> };

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
    async list(path: string, { signal, depth = 1 }: ListOptions = {}) {
      signal?.throwIfAborted();
      const key = joinPath(root, path);
      const fresh = known.get(key);
      if (fresh !== undefined && fresh.depth >= depth && clock.now() - fresh.at < clock.lifetimeMs)
        return fresh.listing;
      const listing = store.list(path, { depth }); // not with one asker's signal: others wait for it too
      known.set(key, { at: clock.now(), depth, listing });
      listing.then(
        (found) => keepBelow(known, key, found, clock.now()),
        () => known.delete(key),
      );
      return listing;
    },
  };
}

/** Nobody needs to ask for what was told with a directory above. */
function keepBelow(known: Map<string, Known>, key: string, found: Listing | undefined, at: number): void {
  for (const [name, listing] of found?.below ?? []) {
    const path = joinPath(key, name);
    known.set(path, { at, depth: 1, listing: Promise.resolve(listing) });
    keepBelow(known, path, listing, at);
  }
}
