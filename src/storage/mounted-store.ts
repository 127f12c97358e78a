import { toMemoryStore } from "./memory-store.ts";
import type { ByteRange, Fetched, Listing, ListOptions, ReadOptions, Store } from "./store.ts";
import { joinPath, toSegments } from "./store-path.ts";

/** A base directory that holds one folder, `name`, and nothing else: for a run's folder opened without its surroundings. */
export function toMountedStore(name: string, folder: Store): Store {
  return new MountedStore(name, folder);
}

class MountedStore implements Store {
  readonly kind: Store["kind"];
  readonly label: string;
  readonly #name: string;
  readonly #folder: Store;

  constructor(name: string, folder: Store) {
    this.kind = folder.kind;
    this.label = folder.label;
    this.#name = name;
    this.#folder = folder;
  }

  urlOf(path: string): string {
    return this.#folder.urlOf(this.#toInner(path) ?? path);
  }

  async read(path: string, options?: ReadOptions): Promise<Fetched> {
    const inner = this.#toInner(path);
    return inner === undefined ? { status: "absent" } : this.#folder.read(inner, options);
  }

  async readRange(path: string, range: ByteRange, options?: ReadOptions): Promise<Fetched> {
    const inner = this.#toInner(path);
    return inner === undefined ? { status: "absent" } : this.#folder.readRange(inner, range, options);
  }

  async list(path: string, options?: ListOptions): Promise<Listing | undefined> {
    if (path === "") return { files: [], directories: [this.#name] };
    const inner = this.#toInner(path);
    return inner === undefined ? undefined : this.#folder.list(inner, options);
  }

  within(path: string): Store {
    const inner = this.#toInner(path);
    if (path === "") return this;
    return inner === undefined ? toMemoryStore(new Map(), joinPath(this.label, path)) : this.#folder.within(inner);
  }

  #toInner(path: string): string | undefined {
    const [first, ...rest] = toSegments(path);
    return first === this.#name ? rest.join("/") : undefined;
  }
}
