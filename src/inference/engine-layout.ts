import type { Coordinate } from "#dacapo/coordinate.ts";
import { product } from "#dacapo/coordinate.ts";
import { InferenceError } from "./inference-error.ts";

/** An order of axes: each of b, c, z, y, x at most once. */
export type TensorLayout = string;

const SPATIAL = ["z", "y", "x"];

/** Our own order of a network with so many spatial axes: "bczyx", "bcyx". */
export function plainLayout(axes: number): TensorLayout {
  return `bc${SPATIAL.slice(-axes).join("")}`;
}

/** Length of each axis of a tensor in this layout. */
export function toTensorShape(layout: TensorLayout, channels: number, spatial: Coordinate): readonly number[] {
  const names = SPATIAL.slice(-spatial.length);
  checkLayout(layout, names);
  return [...layout].map((axis) => {
    if (axis === "b") return 1;
    return axis === "c" ? channels : (spatial[names.indexOf(axis)] ?? 1);
  });
}

function checkLayout(layout: TensorLayout, names: readonly string[]): void {
  const allowed = ["b", "c", ...names];
  const known = [...layout].every((axis) => allowed.includes(axis)) && new Set(layout).size === layout.length;
  if (known && names.every((name) => layout.includes(name))) return;
  throw new InferenceError(
    "model",
    `A tensor with the axes "${layout}" does not fit a network over ${names.join(", ")}.`,
  );
}

/** Channels first, spatial axes in order: what we hold. `shape` is that of `data` in `layout`; the batch must be 1. */
export function toPlainOrder(
  data: Float32Array<ArrayBuffer>,
  shape: readonly number[],
  layout: TensorLayout,
): { readonly data: Float32Array<ArrayBuffer>; readonly shape: readonly number[] } {
  if (shape.length !== layout.length) {
    const found = shape.length;
    throw new InferenceError("model", `The model gives ${found} axes where "${layout}" has ${layout.length}.`);
  }
  const wanted = ["c", ...SPATIAL].filter((axis) => axis === "c" || layout.includes(axis));
  const from = wanted.map((axis) => layout.indexOf(axis));
  const lengths = from.map((axis) => (axis < 0 ? 1 : (shape[axis] ?? 1)));
  if (product(lengths) !== data.length) throw new InferenceError("model", "The model gives more than one batch.");
  return { data: permute(data, shape, from), shape: lengths };
}

/** From channels first to a tensor in `layout`. */
export function fromPlainOrder(
  data: Float32Array<ArrayBuffer>,
  channels: number,
  spatial: Coordinate,
  layout: TensorLayout,
): Float32Array<ArrayBuffer> {
  const own = ["c", ...SPATIAL.slice(-spatial.length)];
  return permute(
    data,
    [channels, ...spatial],
    [...layout].map((axis) => own.indexOf(axis)),
  );
}

/** Axis `i` of the result is axis `from[i]` of the data, or of length 1 where that is -1. The data itself where nothing moves. */
function permute(
  data: Float32Array<ArrayBuffer>,
  shape: readonly number[],
  from: readonly number[],
): Float32Array<ArrayBuffer> {
  const kept = from.filter((axis) => axis >= 0 && (shape[axis] ?? 1) > 1);
  if (kept.every((axis, i) => i === 0 || axis > (kept[i - 1] ?? 0))) return data;
  const strides = shape.map((_, axis) => product(shape.slice(axis + 1)));
  const result = new Float32Array(data.length);
  let at = 0;
  const fill = (depth: number, base: number): void => {
    const axis = kept[depth];
    if (axis === undefined) {
      result[at++] = data[base] ?? 0;
      return;
    }
    for (let i = 0; i < (shape[axis] ?? 1); i++) fill(depth + 1, base + i * (strides[axis] ?? 1));
  };
  fill(0, 0);
  return result;
}
