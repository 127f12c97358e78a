import type { IterationDomain } from "../chart-props.ts";

/** Iterations that a view shows at least: closer, neighbouring iterations only move apart. */
const NARROWEST = 4;

/** The window inside the whole, at least a few iterations wide, as wide as it was where that is possible. */
export function clampWindow([first, last]: IterationDomain, [from, to]: IterationDomain): IterationDomain {
  const width = Math.min(to - from, Math.max(NARROWEST, last - first));
  const grown = first - Math.max(0, width - (last - first)) / 2;
  const start = Math.min(Math.max(from, grown), to - width);
  return [start, start + width];
}

/** Undefined, which means everything, when the window holds the whole. */
export function toDomain(window: IterationDomain, whole: IterationDomain): IterationDomain | undefined {
  const [first, last] = clampWindow(window, whole);
  return first <= whole[0] && last >= whole[1] ? undefined : [first, last];
}

/** Factor below 1 zooms in. The iteration `anchor` stays where it is on the screen. */
export function zoomWindow([first, last]: IterationDomain, factor: number, anchor: number): IterationDomain {
  const middle = Math.min(last, Math.max(first, anchor));
  return [middle - (middle - first) * factor, middle + (last - middle) * factor];
}

/** Moves by a fraction of the width; stops at the ends of the whole without narrowing. */
export function panWindow([first, last]: IterationDomain, fraction: number, whole: IterationDomain): IterationDomain {
  const shift = (last - first) * fraction;
  return clampWindow([first + shift, last + shift], whole);
}

/** The window of the two iterations, in either order. */
export function spanWindow(a: number, b: number): IterationDomain {
  return a <= b ? [a, b] : [b, a];
}

/** The whole with room beside a lone iteration, so that an axis has two different ends. */
export function toWhole(first: number, last: number): IterationDomain {
  if (!(last >= first)) return [0, 1];
  return last > first ? [first, last] : [first - Math.max(1, first / 10), first + Math.max(1, first / 10)];
}
