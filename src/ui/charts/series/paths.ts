import type { Decimated } from "./decimate.ts";
import type { Scale } from "./scales.ts";

/**
 * The `d` of an SVG path. A point that nothing joins becomes a stroke of no length, which round caps show as a dot; a point
 * without a place on the scale is left out and lifts the pen.
 */
export function toLinePath(xs: Float64Array, ys: Float64Array, chosen: Decimated, x: Scale, y: Scale): string {
  const { positions, lifts } = chosen;
  let d = "";
  let lifted = true;
  let alone = false;
  for (let k = 0; k < positions.length; k++) {
    const position = positions[k] as number;
    const across = x(xs[position] as number);
    const down = y(ys[position] as number);
    lifted ||= lifts[k] === 1;
    if (!Number.isFinite(across) || !Number.isFinite(down)) {
      lifted = true;
      continue;
    }
    if (lifted && alone) d += "h0";
    d += `${lifted ? "M" : "L"}${toPoint(across, down)}`;
    alone = lifted;
    lifted = false;
  }
  return alone ? `${d}h0` : d;
}

/** Every chosen point on its own. */
export function toDotsPath(xs: Float64Array, ys: Float64Array, chosen: Decimated, x: Scale, y: Scale): string {
  return toLinePath(xs, ys, { ...chosen, lifts: new Uint8Array(chosen.lifts.length).fill(1) }, x, y);
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

function toPoint(x: number, y: number): string {
  return `${toTenths(x)},${toTenths(y)}`;
}

/** Tenths of a pixel, finer than is seen. Written from two small whole numbers, which is several times faster than from a fraction. */
function toTenths(pixels: number): string {
  const tenths = Math.round(Math.abs(pixels) * 10);
  const whole = Math.floor(tenths / 10);
  return `${pixels < 0 ? "-" : ""}${whole}.${tenths - whole * 10}`;
}
