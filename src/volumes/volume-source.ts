import type { RunArray } from "#storage/open-array.ts";
import { checkBlosc } from "./check-blosc.ts";
import type { ChunkRecipe } from "./convert-chunk.ts";
import { type CoordinateSpace, type FixedAxis, toCoordinateSpace, withoutAxes } from "./coordinate-space.ts";
import type { LayerKind } from "./layer-kind.ts";
import { planSource, type SourcePlan, toServedDtype } from "./source-plan.ts";
import { CONVERTED_SCHEME, parseBlock, STORED_PREFIX, STORED_SCHEME, type VolumeFacts } from "./volume-keys.ts";
import type { FetchCount } from "./volume-viewer.ts";

export type ByteSpan = { readonly offset: number; readonly length: number } | { readonly suffixLength: number };

export type SourceReadOptions = {
  readonly signal?: AbortSignal | undefined;
  readonly byteRange?: ByteSpan | undefined;
};

export type SourceBytes = { readonly bytes: Uint8Array; readonly totalSize: number | undefined };

/** An array as a small directory of keys: the zarr that neuroglancer reads, and under `stored/` the bytes a worker converts from. */
export type VolumeSource = {
  readonly id: string;
  /** For neuroglancer. */
  readonly url: string;
  readonly array: RunArray;
  readonly plan: SourcePlan;
  /** Of the served array. */
  readonly space: CoordinateSpace;
  /** For the worker. */
  readonly facts: VolumeFacts;
  read(key: string, options?: SourceReadOptions): Promise<SourceBytes | undefined>;
  counts(): FetchCount;
  /** For what a worker has read for itself. */
  countRead(bytes: number): void;
  /** Whether a failure with this message went to `onFailure`. */
  hasTold(message: string): boolean;
};

/** `block`: chunk indices in array axis order, where a chunk was sought. */
export type ReadFailure = { readonly subject: string; readonly block?: readonly number[]; readonly error: Error };

export type VolumeSourceRequest = {
  readonly id: string;
  readonly array: RunArray;
  readonly kind: LayerKind;
  readonly fixed?: readonly FixedAxis[];
  readonly onFailure: (failure: ReadFailure) => void;
};

function joinPath(path: string, key: string): string {
  return path === "" ? key : `${path}/${key}`;
}

function toBytes(document: unknown): SourceBytes {
  const bytes = new TextEncoder().encode(JSON.stringify(document));
  return { bytes, totalSize: bytes.byteLength };
}

function toRecipe(plan: SourcePlan, array: RunArray, kind: LayerKind): ChunkRecipe {
  return {
    location: array.store.urlOf(array.path),
    dtype: toServedDtype(array.dtype, kind),
    shape: plan.served.shape,
    chunks: plan.served.chunks,
    fixed: plan.fixed,
  };
}

/** `check` throws for bytes that are no whole chunk. */
function createReader(
  array: RunArray,
  onFailure: VolumeSourceRequest["onFailure"],
  check: ((bytes: Uint8Array) => void) | undefined,
) {
  let reads = 0;
  let bytes = 0;
  const told = new Set<string>();
  const fetch = async (path: string, { signal, byteRange }: SourceReadOptions): Promise<SourceBytes | undefined> => {
    const options = signal ? { signal } : {};
    const fetched =
      byteRange === undefined
        ? await array.store.read(path, options)
        : await array.store.readRange(path, byteRange, options);
    reads += 1;
    if (fetched.status !== "found") return undefined;
    bytes += fetched.bytes.byteLength;
    return { bytes: fetched.bytes, totalSize: fetched.stamp.size };
  };
  const read = async (key: string, options: SourceReadOptions = {}): Promise<SourceBytes | undefined> => {
    const path = joinPath(array.path, key);
    try {
      const found = await fetch(path, options);
      if (found !== undefined) check?.(found.bytes);
      return found;
    } catch (cause) {
      if (options.signal?.aborted) throw cause;
      const error = cause instanceof Error ? cause : new Error(String(cause));
      const block = parseBlock(key);
      told.add(error.message);
      onFailure({ subject: array.store.urlOf(path), error, ...(block ? { block } : {}) });
      throw new Error(error.message); // what crosses to the worker must be plain
    }
  };
  return {
    read,
    counts: (): FetchCount => ({ reads, bytes }),
    countRead(length: number) {
      reads += 1;
      bytes += length;
    },
    hasTold: (message: string) => [...told].some((known) => message.includes(known)),
  };
}

export function createVolumeSource(request: VolumeSourceRequest): VolumeSource {
  const { id, array, kind, fixed = [], onFailure } = request;
  const whole = toCoordinateSpace(array);
  const plan = planSource({ array, space: whole, kind, fixed, zarray: array.zarray });
  const blosc = plan.mode === "stored" && plan.served.compressor?.id === "blosc";
  const reader = createReader(array, onFailure, blosc ? checkBlosc : undefined);
  const documents = new Map<string, unknown>([
    [".zarray", plan.served],
    [".zattrs", { _ARRAY_DIMENSIONS: plan.dimensionNames }],
  ]);
  const recipe = toRecipe(plan, array, kind);
  return {
    id,
    url: `${plan.mode === "stored" ? STORED_SCHEME : CONVERTED_SCHEME}://${id}/|zarr2:`,
    array,
    plan,
    space: withoutAxes(whole, fixed),
    // a worker reads for itself what has an address: so a busy page does not hold back chunks
    facts: { id, recipe, ...(array.store.kind === "http" ? { place: { url: recipe.location, blosc } } : {}) },
    read: (key, options) => {
      if (documents.has(key)) return Promise.resolve(toBytes(documents.get(key)));
      if (key.startsWith(STORED_PREFIX)) return reader.read(key.slice(STORED_PREFIX.length), options);
      return parseBlock(key) ? reader.read(key, options) : Promise.resolve(undefined);
    },
    counts: reader.counts,
    countRead: reader.countRead,
    hasTold: reader.hasTold,
  };
}
