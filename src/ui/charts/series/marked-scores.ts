import type { ScorePoint } from "../chart-props.ts";
import type { ScoreLine } from "./score-lines.ts";
import { nearestIndex } from "./sorted-search.ts";

/** A place in the lines. */
export type Active = { readonly line: number; readonly index: number };
/** One score of a line, with what is needed to draw and to name it. */
export type Marked = { readonly iteration: number; readonly value: number; readonly line: ScoreLine };

export function toMarked(lines: readonly ScoreLine[], { line: l, index }: Active): Marked | undefined {
  const line = lines[l];
  const iteration = line?.iterations[index];
  return line === undefined || iteration === undefined
    ? undefined
    : { line, iteration, value: line.values[index] ?? Number.NaN };
}

/** The last entry of that iteration, should it have been validated twice. */
export function findMarked(lines: readonly ScoreLine[], point: ScorePoint | undefined): Marked | undefined {
  const line = point && lines.findIndex((each) => isOn(each, point));
  if (point === undefined || line === undefined || line < 0) return undefined;
  return toMarked(lines, { line, index: lines[line]?.iterations.lastIndexOf(point.iteration) ?? -1 });
}

export function toActive(lines: readonly ScoreLine[], { line, iteration }: Marked): Active {
  return { line: lines.indexOf(line), index: line.iterations.lastIndexOf(iteration) };
}

export function toPoint({ line, iteration }: Marked): ScorePoint {
  return { iteration, dataset: line.dataset, parameters: line.parameters };
}

/** Whether a point, as far as it is given, lies on the line. */
export function isOn(line: ScoreLine, { dataset, parameters }: Partial<ScorePoint>): boolean {
  return (dataset ?? line.dataset) === line.dataset && (parameters ?? line.parameters) === line.parameters;
}

/** The validated iteration nearest to one. */
export function nearestIteration(lines: readonly ScoreLine[], iteration: number): number | undefined {
  const iterations = lines[0]?.iterations ?? [];
  return iterations[nearestIndex(iterations, iteration)];
}
