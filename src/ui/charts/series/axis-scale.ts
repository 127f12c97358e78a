import type { CustomScaleDefinition } from "recharts";
import { type Pair, toScale } from "./scales.ts";

/** A scale in the form in which recharts takes one: it makes a copy and gives that the axis's domain and pixel range. */
export type AxisScale = CustomScaleDefinition<number>;

/** The axes stand where the layers draw, because both ask `toScale`. */
function buildAxisScale(log: boolean, ends: { domain: Pair; range: Pair }): AxisScale {
  let { domain: domainEnds, range: rangeEnds } = ends;
  let place = toScale(domainEnds, rangeEnds, log);
  function domain(): Pair;
  function domain(next: readonly number[]): AxisScale;
  function domain(next?: readonly number[]) {
    if (next === undefined) return domainEnds;
    domainEnds = toPair(next);
    place = toScale(domainEnds, rangeEnds, log);
    return scale;
  }
  function range(): Pair;
  function range(next: readonly number[]): AxisScale;
  function range(next?: readonly number[]) {
    if (next === undefined) return rangeEnds;
    rangeEnds = toPair(next);
    place = toScale(domainEnds, rangeEnds, log);
    return scale;
  }
  const copy = () => buildAxisScale(log, { domain: domainEnds, range: rangeEnds });
  const scale: AxisScale = Object.assign((value: number) => place(value), { domain, range, copy });
  return scale;
}

function toPair([from = 0, to = 1]: readonly number[]): Pair {
  return [from, to];
}

const unit = { domain: [0, 1], range: [0, 1] } as const;

export const linearScale: AxisScale = buildAxisScale(false, unit);
export const logScale: AxisScale = buildAxisScale(true, unit);
