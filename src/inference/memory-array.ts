import type { Coordinate } from "#dacapo/coordinate.ts";
import { product } from "#dacapo/coordinate.ts";
import { isStorageError } from "#storage/errors.ts";
import { openArray, type RunArray } from "#storage/open-array.ts";
import type { Fetched, ReadOptions, Store } from "#storage/store.ts";
import { encodePath, joinPath, toSegments } from "#storage/store-path.ts";
import type { OutputGrid } from "./block-grid.ts";

/** Where the chunks of an array come from. */
export type TileSource = {
  /**
   * Values of tile `index` (spatial axes): [channel, ...spatial axes] of the whole chunk, or `undefined` where it stays uncomputed.
   * May take as long as computing takes.
   */
  readTile(index: Coordinate, signal: AbortSignal | undefined): Promise<Float32Array<ArrayBuffer> | undefined>;
};

export type TileArrayRequest = {
  /** For messages: "inference at 1000". */
  readonly label: string;
  readonly channels: number;
  readonly grid: OutputGrid;
  readonly tileShape: Coordinate;
  /** Of the spatial axes. */
  readonly axisNames: readonly string[];
  readonly units: readonly string[];
  readonly source: TileSource;
};

const PATH = "prediction";

/**
 * A prediction that is computed when it is read, as an array like any that DaCapo stored: [channel, ...spatial axes] of float32, a tile
 * a chunk, all channels in it. What has not been computed is NaN, which no network gives where all is well.
 */
export async function openTileArray(request: TileArrayRequest): Promise<RunArray> {
  const { channels, grid, tileShape, axisNames, units, source, label } = request;
  const zarray = {
    zarr_format: 2,
    shape: [channels, ...grid.shape],
    chunks: [channels, ...tileShape],
    dtype: "<f4",
    compressor: null,
    fill_value: "NaN",
    order: "C",
    filters: null,
    dimension_separator: "/",
  };
  const zattrs = {
    axis_names: ["c^", ...axisNames],
    types: ["channel", ...axisNames.map(() => "space")],
    offset: grid.offset,
    voxel_size: grid.voxelSize,
    units,
  };
  const documents = new Map([
    [`${PATH}/.zarray`, toBytes(zarray)],
    [`${PATH}/.zattrs`, toBytes(zattrs)],
  ]);
  const array = await openArray(new TileStore(documents, source, label, ""), PATH);
  if (array === undefined) throw new TypeError("An array in memory cannot be missing.");
  const url = array.store.urlOf(array.path);
  return { ...array, read: (begin, end, signal) => array.read(begin, end, signal).catch((e) => rethrow(e, url)) };
}

/** A chunk in memory is never damaged: what computing it failed with is the error, not that it could not be decoded. */
function rethrow(error: unknown, url: string): never {
  throw isStorageError(error) && error.subject.startsWith(url) ? (error.cause ?? error) : error;
}

function toBytes(document: unknown): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(document));
}

/** Key of a chunk file, "0/3/1/2": the first number is the channel's, whose chunk holds them all. */
export function parseTileKey(path: string): Coordinate | undefined {
  const match = /^(?:[^/]+\/)?0((?:\/\d{1,9})+)$/.exec(path);
  return match?.[1]?.slice(1).split("/").map(Number);
}

class TileStore implements Store {
  readonly kind = "memory";
  readonly label: string;
  readonly #documents: ReadonlyMap<string, Uint8Array>;
  readonly #source: TileSource;
  readonly #root: string;

  constructor(documents: ReadonlyMap<string, Uint8Array>, source: TileSource, label: string, root: string) {
    this.label = label;
    this.#documents = documents;
    this.#source = source;
    this.#root = root;
  }

  urlOf(path: string): string {
    return `memory:${encodePath(joinPath(this.label, this.#root, path))}`;
  }

  async read(path: string, options: ReadOptions = {}): Promise<Fetched> {
    options.signal?.throwIfAborted();
    const bytes = await this.#bytesOf(this.#resolve(path), options.signal);
    return bytes ? { status: "found", bytes, stamp: { size: bytes.length } } : { status: "absent" };
  }

  async readRange(path: string, range: Parameters<Store["readRange"]>[1], options: ReadOptions = {}): Promise<Fetched> {
    const found = await this.read(path, options);
    if (found.status !== "found") return found;
    const { length } = found.bytes;
    const begin = "offset" in range ? range.offset : length - range.suffixLength;
    const end = "offset" in range ? range.offset + range.length : length;
    return { ...found, bytes: found.bytes.subarray(Math.max(0, begin), Math.max(0, end)) };
  }

  async list(): Promise<undefined> {
    return undefined;
  }

  within(path: string): Store {
    return new TileStore(this.#documents, this.#source, this.label, this.#resolve(path));
  }

  async #bytesOf(path: string, signal: AbortSignal | undefined): Promise<Uint8Array | undefined> {
    const index = parseTileKey(path);
    if (index === undefined) return this.#documents.get(path);
    const data = await this.#source.readTile(index, signal);
    return data && new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  }

  #resolve(path: string): string {
    return joinPath(this.#root, ...toSegments(path));
  }
}

/** Finished tiles by key, the longest unused of them dropped when they hold more than `maxBytes`. */
export class TileMemory {
  readonly #tiles = new Map<string, Float32Array<ArrayBuffer>>();
  readonly #maxBytes: number;
  #bytes = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  get byteLength(): number {
    return this.#bytes;
  }

  entries(): Iterable<readonly [key: string, data: Float32Array<ArrayBuffer>]> {
    return this.#tiles;
  }

  has(key: string): boolean {
    return this.#tiles.has(key);
  }

  get(key: string): Float32Array<ArrayBuffer> | undefined {
    const data = this.#tiles.get(key);
    if (data === undefined) return undefined;
    this.#tiles.delete(key); // to the end: most recently used
    this.#tiles.set(key, data);
    return data;
  }

  set(key: string, data: Float32Array<ArrayBuffer>): void {
    this.#remove(key);
    this.#tiles.set(key, data);
    this.#bytes += data.byteLength;
    for (const oldest of this.#tiles.keys()) {
      if (this.#bytes <= this.#maxBytes || oldest === key) return;
      this.#remove(oldest);
    }
  }

  clear(): void {
    this.#tiles.clear();
    this.#bytes = 0;
  }

  #remove(key: string): void {
    this.#bytes -= this.#tiles.get(key)?.byteLength ?? 0;
    this.#tiles.delete(key);
  }
}

/** Tiles that a region of the grid touches, first axis slowest. */
export function tilesOf(tileShape: Coordinate, begin: Coordinate, end: Coordinate): readonly Coordinate[] {
  const ranges = tileShape.map((length, axis) => {
    const first = Math.floor((begin[axis] ?? 0) / length);
    const count = Math.max(0, Math.ceil((end[axis] ?? 0) / length) - first);
    return Array.from({ length: count }, (_, i) => first + i);
  });
  const total = product(ranges.map((range) => range.length));
  return Array.from({ length: total }, (_, i) => {
    let rest = i;
    return ranges
      .toReversed()
      .map((range) => {
        const at = range[rest % range.length] ?? 0;
        rest = Math.floor(rest / range.length);
        return at;
      })
      .toReversed();
  });
}
