import type { Decimated } from "./decimate.ts";

/** Value to pixel; undefined where the scale has none. */
export type Scale = (value: number) => number | undefined;

/** The `d` of an SVG path. A point that nothing joins becomes a stroke of no length, which round caps show as a dot. */
export function toLinePath(xs: Float64Array, ys: Float64Array, chosen: Decimated, x: Scale, y: Scale): string {
  const { positions, lifts } = chosen;
  let d = "";
  for (let k = 0; k < positions.length; k++) {
    const position = positions[k] as number;
    const point = toPoint(x(xs[position] as number), y(ys[position] as number));
    const alone = lifts[k] === 1 && (k + 1 === positions.length || lifts[k + 1] === 1);
    d += lifts[k] === 1 ? `M${point}` : `L${point}`;
    if (alone) d += "h0";
  }
  return d;
}

/** The outline between an upper and a lower trace over the same iterations, closed stroke by stroke. */
export function toBandPath(upper: readonly Point[], lower: readonly Point[]): string {
  if (upper.length === 0 || lower.length === 0) return "";
  return `M${upper.map(toPair).join("L")}L${lower.toReversed().map(toPair).join("L")}Z`;
}

export type Point = readonly [x: number, y: number];

function toPair([x, y]: Point): string {
  return toPoint(x, y);
}

/** Tenths of a pixel: finer is not seen. */
function toPoint(x: number | undefined, y: number | undefined): string {
  return `${Math.round((x ?? 0) * 10) / 10},${Math.round((y ?? 0) * 10) / 10}`;
}
