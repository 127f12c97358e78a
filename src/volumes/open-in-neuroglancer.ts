import type { RunArray } from "#storage/open-array.ts";
import { type CoordinateSpace, toTransformJson } from "./coordinate-space.ts";
import { toPlainDtype } from "./layer-kind.ts";
import type { StockState, ViewJson } from "./volume-viewer.ts";

type Json = Readonly<Record<string, unknown>>;

/** What is needed of a layer to say it to a neuroglancer that knows nothing of us. */
export type StockLayer = {
  readonly name: string;
  readonly title: string;
  readonly array: Pick<RunArray, "store" | "path" | "dtype" | "chunks" | "zarrFormat">;
  /** Of the whole array. */
  readonly space: CoordinateSpace;
  /** As neuroglancer holds it here, shader and all. */
  readonly json: Json;
  readonly fixed: boolean;
};

const UNDRAWABLE: ReadonlyMap<string, string> = new Map([
  ["b1", "booleans"],
  ["f8", "64-bit floats"],
  ["f2", "16-bit floats"],
]);

const LOOPBACK = /^http:\/\/(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])[:/]/;

function toObstacle({ title, array, fixed }: StockLayer): string | undefined {
  const { store, dtype, path } = array;
  const url = store.urlOf(path);
  if (store.kind === "directory" || store.kind === "memory")
    return `${title} is in this browser only, and has no address.`;
  if (!url.startsWith("https://") && !LOOPBACK.test(url)) {
    return `${title} is served over http://, which a page over https:// may not read.`;
  }
  const kind = UNDRAWABLE.get(toPlainDtype(dtype));
  if (kind !== undefined) return `${title} holds ${kind}, which neuroglancer does not draw.`;
  if (fixed) return `${title} is one entry of a growing array, which neuroglancer cannot pick.`;
  return undefined;
}

/** neuroglancer's names for the axes of an array that does not name them in its way. */
function toSourceName(axis: number, format: RunArray["zarrFormat"]): string {
  return format === 3 ? `dim_${axis}` : `d${axis}`;
}

function toStockTransform(space: CoordinateSpace, format: RunArray["zarrFormat"]): Json {
  const { outputDimensions, matrix } = toTransformJson(space);
  const dimensions = Object.values(outputDimensions as Json);
  const inputDimensions = Object.fromEntries(
    dimensions.map((dimension, axis) => [toSourceName(axis, format), dimension]),
  );
  return { outputDimensions, inputDimensions, matrix };
}

const FORMATS: Readonly<Record<string, string>> = { 2: "zarr2", 3: "zarr3", n5: "n5" };

/** Channels that lie in several chunks cannot be mixed in a shader: they become an axis with a slider. */
function toStockLayer({ array, space, json }: StockLayer): Json {
  const whole = space.every((axis, i) => !axis.channel || array.chunks[i] === axis.size);
  const axes = whole
    ? space
    : space.map((axis) => (axis.channel ? { ...axis, name: axis.name.replace("^", "'") } : axis));
  const { shader, shaderControls, source: _ours, ...look } = json;
  return {
    ...look,
    ...(whole ? { shader, shaderControls } : {}),
    source: {
      url: `${array.store.urlOf(array.path)}/|${FORMATS[array.zarrFormat]}:`,
      transform: toStockTransform(axes, array.zarrFormat),
    },
  };
}

/** A state that any neuroglancer opens, of what it can open. */
export function toStockState(view: ViewJson, layers: readonly StockLayer[]): StockState {
  const judged = layers.map((layer) => ({ layer, reason: toObstacle(layer) }));
  const { layers: _looks, ...rest } = view;
  return {
    state: {
      ...rest,
      layers: judged.flatMap(({ layer, reason }) => (reason === undefined ? [toStockLayer(layer)] : [])),
    },
    left: judged.flatMap(({ layer, reason }) => (reason === undefined ? [] : [{ name: layer.name, reason }])),
  };
}
