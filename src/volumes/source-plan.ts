import type { RunArray } from "#storage/open-array.ts";
import { type CoordinateSpace, type FixedAxis, withoutAxes } from "./coordinate-space.ts";
import { type LayerKind, toPlainDtype } from "./layer-kind.ts";

/** What neuroglancer draws, in NumPy's words; always little-endian where it is converted. */
export type ServedDtype = "|u1" | "|i1" | "<u2" | "<i2" | "<u4" | "<i4" | "<u8" | "<f4";

/** The zarr v2 array that neuroglancer sees. Axes in array order, without the fixed ones. */
export type ServedArray = {
  readonly zarr_format: 2;
  readonly shape: readonly number[];
  readonly chunks: readonly number[];
  readonly dtype: string;
  readonly compressor: Readonly<Record<string, string | number>> | null;
  readonly fill_value: number | string;
  readonly order: "C" | "F";
  readonly filters: null;
  readonly dimension_separator: "." | "/";
};

/**
 * "stored": chunks pass through byte for byte, and neuroglancer decodes them.
 * "converted": a worker decodes them, and hands on plain voxels of a type and chunk shape that neuroglancer can draw.
 */
export type SourcePlan = {
  readonly mode: "stored" | "converted";
  readonly served: ServedArray;
  readonly dimensionNames: readonly string[];
  readonly fixed: readonly FixedAxis[];
};

export type SourceFacts = {
  readonly array: Pick<RunArray, "dtype" | "shape" | "chunks" | "zarrFormat">;
  readonly space: CoordinateSpace;
  readonly kind: LayerKind;
  readonly fixed?: readonly FixedAxis[];
  /** The parsed `.zarray`, where there is one. */
  readonly zarray?: unknown;
};

const DRAWABLE = /^(?:\|[ui]1|[<>][ui][248]|[<>]f4)$/;

/** A chunk of more bytes than this is served in smaller pieces, at the price of decoding it more than once. */
const MAX_CHUNK_BYTES = 2 ** 27;

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** neuroglancer insists on parameters that its decoders never look at: they are filled in rather than trusted. */
function toServedCompressor(compressor: unknown): ServedArray["compressor"] | undefined {
  if (compressor === null) return null;
  if (!isRecord(compressor)) return undefined;
  switch (compressor.id) {
    case "blosc":
      return { id: "blosc", cname: "lz4", clevel: 5, shuffle: 1, blocksize: 0 };
    case "zlib":
    case "gzip":
    case "zstd":
      return { id: compressor.id, level: 1 };
    default:
      return undefined;
  }
}

function toFillValue(value: unknown, dtype: string): number | string | undefined {
  if (value === null || value === undefined) return 0;
  if (typeof value === "boolean") return Number(value);
  const float = toPlainDtype(dtype).startsWith("f");
  if (float && (value === "NaN" || value === "Infinity" || value === "-Infinity")) return value;
  if (typeof value !== "number") return undefined;
  return float || Number.isInteger(value) ? value : undefined;
}

function drawsLabels(kind: LayerKind): boolean {
  return kind === "instances";
}

/** Every channel of a voxel must lie in one chunk that is exactly as deep as there are channels. */
function holdsAllChannels(space: CoordinateSpace, chunks: readonly number[]): boolean {
  return space.every((axis, i) => !axis.channel || chunks[i] === axis.size);
}

function planStored({ array, space, kind, fixed, zarray }: SourceFacts): ServedArray | undefined {
  if (array.zarrFormat !== 2 || !isRecord(zarray) || (fixed?.length ?? 0) > 0) return undefined;
  const { dtype, filters, order } = zarray;
  if (typeof dtype !== "string" || !DRAWABLE.test(dtype)) return undefined;
  if (/[ui]8$/.test(dtype) && !drawsLabels(kind)) return undefined;
  if (Array.isArray(filters) && filters.length > 0) return undefined;
  if (order !== "C" && order !== "F") return undefined;
  if (!holdsAllChannels(space, array.chunks)) return undefined;
  const compressor = toServedCompressor(zarray.compressor);
  const fillValue = toFillValue(zarray.fill_value, dtype);
  if (compressor === undefined || fillValue === undefined) return undefined;
  return {
    zarr_format: 2,
    shape: array.shape,
    chunks: array.chunks,
    dtype,
    compressor,
    fill_value: fillValue,
    order,
    filters: null,
    dimension_separator: zarray.dimension_separator === "/" ? "/" : ".",
  };
}

export function toServedDtype(dtype: string, kind: LayerKind): ServedDtype {
  switch (toPlainDtype(dtype)) {
    case "b1":
    case "u1":
      return "|u1";
    case "i1":
      return "|i1";
    case "u2":
      return "<u2";
    case "i2":
      return "<i2";
    case "u4":
      return "<u4";
    case "i4":
      return "<i4";
    case "u8":
    case "i8":
      if (drawsLabels(kind)) return "<u8";
      return kind === "grey" ? "<f4" : "<u4";
    default:
      return "<f4";
  }
}

/** All channels in one chunk; along the other axes the stored chunks, no larger than the array. */
function toServedChunks(space: CoordinateSpace, chunks: readonly number[], bytesPerVoxel: number): readonly number[] {
  const served = space.map((axis, i) => Math.max(1, axis.channel ? axis.size : Math.min(chunks[i] ?? 1, axis.size)));
  while (served.reduce((a, b) => a * b, bytesPerVoxel) > MAX_CHUNK_BYTES) {
    const largest = served.reduce((best, size, i) => {
      if (space[i]?.channel) return best;
      return best < 0 || size > (served[best] ?? 0) ? i : best;
    }, -1);
    const size = served[largest];
    if (size === undefined || size <= 1) break;
    served[largest] = Math.ceil(size / 2);
  }
  return served;
}

function planConverted({ array, space, kind, fixed = [], zarray }: SourceFacts): ServedArray {
  const dtype = toServedDtype(array.dtype, kind);
  const kept = withoutAxes(space, fixed);
  const chunks = array.chunks.filter((_, axis) => !fixed.some((f) => f.axis === axis));
  const fill = isRecord(zarray) ? toFillValue(zarray.fill_value, dtype) : 0;
  return {
    zarr_format: 2,
    shape: kept.map((axis) => axis.size),
    chunks: toServedChunks(kept, chunks, Number(dtype.slice(2))),
    dtype,
    compressor: null,
    fill_value: fill ?? 0,
    order: "C",
    filters: null,
    dimension_separator: ".",
  };
}

export function planSource(facts: SourceFacts): SourcePlan {
  const fixed = facts.fixed ?? [];
  const stored = planStored(facts);
  return {
    mode: stored === undefined ? "converted" : "stored",
    served: stored ?? planConverted(facts),
    dimensionNames: withoutAxes(facts.space, fixed).map((axis) => axis.name),
    fixed,
  };
}
