import { checkRange, checkSize, isSameStamp, toInterval } from "./byte-range.ts";
import { type ByteRange, type Fetched, type Listing, MAX_READ_BYTES, type ReadOptions, type Store } from "./store.ts";
import { encodePath, joinPath, toNames, toSegments } from "./store-path.ts";

export type MemoryFile = { readonly bytes: Uint8Array; readonly lastModified?: Date };

/** Files by path, owned by the caller, who may change the map at any time: reads see its present content. */
export type MemoryFiles = Map<string, MemoryFile>;

/** A store over files in memory: an inference result, a test. A file counts as changed when its `bytes` is another array. */
export function toMemoryStore(files: MemoryFiles, label = "memory"): Store {
  return new MemoryStore(files, label, "", new Versions());
}

class Versions {
  readonly #etags = new WeakMap<Uint8Array, string>();
  #next = 1;

  etagOf(bytes: Uint8Array): string {
    const etag = this.#etags.get(bytes) ?? `"${this.#next++}"`;
    this.#etags.set(bytes, etag);
    return etag;
  }
}

class MemoryStore implements Store {
  readonly kind = "memory";
  readonly label: string;
  readonly #files: MemoryFiles;
  readonly #root: string;
  readonly #versions: Versions;

  constructor(files: MemoryFiles, label: string, root: string, versions: Versions) {
    this.label = label;
    this.#files = files;
    this.#root = root;
    this.#versions = versions;
  }

  urlOf(path: string): string {
    return `memory:${encodePath(joinPath(this.#root, path))}`;
  }

  read(path: string, options: ReadOptions = {}): Promise<Fetched> {
    return this.readRange(path, { offset: 0, length: Number.MAX_SAFE_INTEGER }, options);
  }

  async readRange(path: string, range: ByteRange, options: ReadOptions = {}): Promise<Fetched> {
    options.signal?.throwIfAborted();
    checkRange(range, path);
    const file = this.#files.get(this.#resolve(path));
    if (file === undefined) return { status: "absent" };
    const time = file.lastModified && { lastModified: file.lastModified.toUTCString() };
    const stamp = { etag: this.#versions.etagOf(file.bytes), size: file.bytes.length, ...time };
    if (options.unless && isSameStamp(options.unless, stamp)) return { status: "unchanged" };
    const { begin, end } = toInterval(range, file.bytes.length);
    checkSize(end - begin, options.maxBytes ?? MAX_READ_BYTES, path);
    options.onProgress?.(end - begin, end - begin);
    return { status: "found", bytes: file.bytes.slice(begin, end), stamp };
  }

  async list(path: string): Promise<Listing | undefined> {
    const directory = this.#resolve(path);
    const prefix = directory === "" ? "" : `${directory}/`;
    const below = [...this.#files.keys()]
      .filter((key) => key.startsWith(prefix))
      .map((key) => key.slice(prefix.length));
    if (below.length === 0) return undefined;
    const files = below.filter((key) => !key.includes("/"));
    const directories = below.filter((key) => key.includes("/")).map((key) => key.slice(0, key.indexOf("/")));
    return { files: toNames(files), directories: toNames(directories) };
  }

  within(path: string): Store {
    return new MemoryStore(this.#files, joinPath(this.label, path), this.#resolve(path), this.#versions);
  }

  #resolve(path: string): string {
    return joinPath(this.#root, ...toSegments(path));
  }
}
