import { checkRange, checkSize, isSameStamp, toInterval } from "./byte-range.ts";
import { StorageError } from "./errors.ts";
import { type ByteRange, type Fetched, type Listing, MAX_READ_BYTES, type ReadOptions, type Store } from "./store.ts";
import { encodePath, joinPath, toNames, toSegments } from "./store-path.ts";

/** A folder that the user opened or dropped on the page, read in place. Nothing is written. */
export function toDirectoryStore(handle: FileSystemDirectoryHandle): Store {
  return new DirectoryStore(handle, handle.name, "");
}

class DirectoryStore implements Store {
  readonly kind = "directory";
  readonly label: string;
  readonly #handle: FileSystemDirectoryHandle;
  readonly #root: string;
  // directories change while a run is followed: only the walk to a found one is kept, and dropped when it fails
  readonly #directories = new Map<string, FileSystemDirectoryHandle>();

  constructor(handle: FileSystemDirectoryHandle, label: string, root: string) {
    this.#handle = handle;
    this.label = label;
    this.#root = root;
  }

  /** Not fetchable: only for messages. */
  urlOf(path: string): string {
    return `folder:${encodePath(joinPath(this.#handle.name, this.#root, path))}`;
  }

  read(path: string, options: ReadOptions = {}): Promise<Fetched> {
    return this.readRange(path, { offset: 0, length: Number.MAX_SAFE_INTEGER }, options);
  }

  async readRange(path: string, range: ByteRange, options: ReadOptions = {}): Promise<Fetched> {
    options.signal?.throwIfAborted();
    checkRange(range, path);
    const file = await this.#attempt(path, () => this.#openFile(path));
    if (file === undefined) return { status: "absent" };
    const recent = Date.now() - file.lastModified < 2000 && { recent: true as const };
    const stamp = { lastModified: new Date(file.lastModified).toISOString(), size: file.size, ...recent };
    if (options.unless && isSameStamp(options.unless, stamp)) return { status: "unchanged" };
    const { begin, end } = toInterval(range, file.size);
    checkSize(end - begin, options.maxBytes ?? MAX_READ_BYTES, path);
    const bytes = await this.#attempt(path, async () => new Uint8Array(await file.slice(begin, end).arrayBuffer()));
    options.signal?.throwIfAborted();
    if (bytes === undefined) return { status: "absent" };
    options.onProgress?.(bytes.length, end - begin);
    return { status: "found", bytes, stamp };
  }

  async list(path: string): Promise<Listing | undefined> {
    const handle = await this.#attempt(path, () => this.#openDirectory(toSegments(joinPath(this.#root, path))));
    return handle && (await this.#attempt(path, () => toListing(handle)));
  }

  within(path: string): Store {
    const root = joinPath(this.#root, ...toSegments(path));
    return new DirectoryStore(this.#handle, joinPath(this.#handle.name, root), root);
  }

  async #openFile(path: string): Promise<File | undefined> {
    const segments = toSegments(joinPath(this.#root, path));
    const name = segments.at(-1);
    if (name === undefined) return undefined;
    const directory = await this.#openDirectory(segments.slice(0, -1));
    return (await directory.getFileHandle(name)).getFile();
  }

  async #openDirectory(segments: readonly string[]): Promise<FileSystemDirectoryHandle> {
    const name = segments.at(-1);
    if (name === undefined) return this.#handle;
    const key = segments.join("/");
    const known = this.#directories.get(key);
    if (known) return known;
    const parent = await this.#openDirectory(segments.slice(0, -1));
    const directory = await parent.getDirectoryHandle(name);
    this.#directories.set(key, directory);
    return directory;
  }

  /** Missing and of-another-kind become `undefined`; what the browser refuses becomes a StorageError. */
  async #attempt<T>(path: string, action: () => Promise<T>): Promise<T | undefined> {
    try {
      return await action();
    } catch (cause) {
      this.#directories.clear();
      if (!(cause instanceof Error) || cause instanceof StorageError) throw cause;
      if (cause.name === "NotFoundError" || cause.name === "TypeMismatchError") return undefined;
      throw toStorageError(cause, joinPath(this.label, path));
    }
  }
}

async function toListing(handle: FileSystemDirectoryHandle): Promise<Listing> {
  const files: string[] = [];
  const directories: string[] = [];
  for await (const [name, entry] of handle.entries()) (entry.kind === "file" ? files : directories).push(name);
  return { files: toNames(files), directories: toNames(directories) };
}

/** NotAllowedError: permission withdrawn or expired. NotReadableError: the file changed after it was opened. */
function toStorageError(cause: Error, subject: string): unknown {
  if (cause.name === "NotAllowedError" || cause.name === "SecurityError") {
    const message = `The browser no longer lets this page read ${subject}.`;
    return new StorageError({ tag: "revoked", subject, message, hint: "Open the folder again.", cause });
  }
  if (cause.name === "NotReadableError") {
    const message = `${subject} changed while it was read.`;
    return new StorageError({ tag: "short-read", subject, message, hint: "It is read again soon.", cause });
  }
  return cause;
}
