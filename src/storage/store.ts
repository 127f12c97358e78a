// storage/ owns where bytes come from and what DaCapo calls them: stores (http, S3, folder handle, memory), the layout of
// a run directory, and the config, stats, weights and array stores on top of it under DaCapo's own names.
// It knows nothing of neuroglancer, React or the page: everything here also runs in a worker and in Node.
// Paths are relative, "/"-separated and unencoded. What is not there is a value; what is wrong is a StorageError.

/** What a server says of one version of a file. `size` is the whole file's in bytes, also after a range read. */
export type Stamp = {
  readonly etag?: string;
  /** An HTTP date, as the server wrote it (resolution: one second). */
  readonly lastModified?: string;
  readonly size?: number;
  /** The file was written less than two seconds before it was read: an equal `lastModified` proves nothing then. */
  readonly recent?: true;
};

export type Found = {
  readonly status: "found";
  readonly bytes: Uint8Array;
  readonly stamp: Stamp;
  /** The server ignores ranges: it began to send the whole file, of which the range was cut out. */
  readonly ignoredRange?: true;
};

export type Fetched = Found | { readonly status: "unchanged" } | { readonly status: "absent" };

/** Names in one directory: decoded, without slashes, in code point order. */
export type Listing = {
  readonly files: readonly string[];
  readonly directories: readonly string[];
  /** Of directories below, by name: only of those that the server told of unasked. */
  readonly below?: ReadonlyMap<string, Listing>;
};

export type ReadOptions = {
  readonly signal?: AbortSignal;
  /** Answer "unchanged" when the file still carries this stamp. */
  readonly unless?: Stamp;
  readonly onProgress?: (loaded: number, total: number | undefined) => void;
  /** Refuse ("too-large") before allocating more than this many bytes. Default `MAX_READ_BYTES`. */
  readonly maxBytes?: number;
};

/** Bytes. A range past the end of the file is cut to the file, and may be empty. */
export type ByteRange = { readonly offset: number; readonly length: number } | { readonly suffixLength: number };

export type ListOptions = {
  readonly signal?: AbortSignal;
  /** Levels of directories that are wanted in one answer; few servers give more than one. */
  readonly depth?: number;
};

export interface Store {
  readonly kind: "http" | "s3" | "directory" | "memory";
  /** For messages. */
  readonly label: string;
  /** For messages and for neuroglancer's own readers; percent-encoded. */
  urlOf(path: string): string;
  /** 404 is "absent". @throws StorageError for 401, 403, CORS, no network, HTML instead of data, a short read, ... */
  read(path: string, options?: ReadOptions): Promise<Fetched>;
  readRange(path: string, range: ByteRange, options?: ReadOptions): Promise<Fetched>;
  /** `undefined`: this server gives no listing, or the directory is absent. */
  list(path: string, options?: ListOptions): Promise<Listing | undefined>;
  /** The same store, rooted deeper. */
  within(path: string): Store;
}

export const MAX_READ_BYTES = 2 ** 30;
