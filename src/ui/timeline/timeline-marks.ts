// What the timeline draws, as plain values: one mark for each iteration that anything is known of.
import { criterionOf } from "#dacapo/evaluation-scores.ts";
import { toParametersString } from "#dacapo/post-processor-parameters.ts";
import { isBetter } from "#dacapo/scores-array.ts";
import { scoreAt } from "#dacapo/validation-scores.ts";
import type { RunState } from "#state/app-state.ts";
import { bestOf, scoresOf, shownIterations } from "#state/selectors.ts";

export type Mark = {
  readonly iteration: number;
  /** Absent where the iteration has no scores; NaN where DaCapo stored NaN. */
  readonly score?: number;
  /** The parameters that reached the score. */
  readonly parameters?: string;
  /** 0 worst to 1 best over the run, whatever the criterion's direction; absent without a finite score. */
  readonly quality?: number;
  /** `unsought`: the run is still being looked through. */
  readonly volumes: "unsought" | "absent" | "partial" | "whole";
  readonly checkpoint: boolean;
  readonly best: boolean;
  /** It can be shown: it has scores or volumes. */
  readonly selectable: boolean;
  /** Of the training, not of a validation. */
  readonly snapshot?: true;
};

/** `parameters` absent: the best at each iteration. */
export type MarksQuery = { readonly dataset?: string; readonly criterion?: string; readonly parameters?: string };

type Scored = { readonly score: number; readonly parameters: string };

/** Ascending by iteration. */
export function toMarks(run: RunState, query: MarksQuery): readonly Mark[] {
  const scored = scoreByIteration(run, query);
  const toQuality = qualityScale(scored, higherIsBetter(run, query.criterion));
  const volumes = volumesByIteration(run, query.dataset);
  const selectable = new Set(shownIterations(run));
  const checkpoints = new Set(run.checkpoints);
  const best = bestOf(run, query.dataset, query.criterion)?.iteration;
  const unfound = run.status === "loading" ? "unsought" : "absent";
  const iterations = [...new Set([...selectable, ...checkpoints])].sort((a, b) => a - b);
  return iterations.map((iteration) => ({
    iteration,
    ...scored.get(iteration),
    ...toQuality(scored.get(iteration)?.score),
    volumes: volumes.get(iteration) ?? unfound,
    checkpoint: checkpoints.has(iteration),
    best: iteration === best,
    selectable: selectable.has(iteration),
  }));
}

export function toSnapshotMarks(iterations: readonly number[]): readonly Mark[] {
  return iterations.map((iteration) => ({
    ...{ iteration, volumes: "whole", checkpoint: false, best: false, selectable: true, snapshot: true },
  }));
}

export function higherIsBetter(run: RunState, criterion: string | undefined): boolean {
  const scores = scoresOf(run)?.scores;
  if (scores === undefined || criterion === undefined) return true;
  return criterionOf(scores.evaluationScores, criterion)?.higherIsBetter ?? true;
}

function scoreByIteration(run: RunState, { dataset, criterion, parameters }: MarksQuery): Map<number, Scored> {
  const scores = scoresOf(run)?.scores;
  if (scores === undefined || dataset === undefined || criterion === undefined) return new Map();
  const datasetIndex = scores.datasets.indexOf(dataset);
  const criterionIndex = scores.evaluationScores.criteria.findIndex(({ name }) => name === criterion);
  const names = scores.parameters.map(toParametersString);
  const wanted = [...names.keys()].filter((index) => parameters === undefined || names[index] === parameters);
  if (datasetIndex < 0 || criterionIndex < 0 || wanted.length === 0) return new Map();
  const up = higherIsBetter(run, criterion);
  return new Map(
    scores.scores.map((entry) => {
      const at = (index: number) => scoreAt(entry, datasetIndex, index, criterionIndex);
      const index = wanted.reduce((best, next) => (isBetter(at(next), at(best), up) ? next : best));
      return [entry.iteration, { score: at(index), parameters: names[index] ?? "" }];
    }),
  );
}

/** The worst twentieth is drawn as the worst, so that one bad first iteration does not flatten the rest. */
function qualityScale(scored: ReadonlyMap<number, Scored>, up: boolean) {
  const finite = [...scored.values()].map(({ score }) => score).filter(Number.isFinite);
  const fromWorst = finite.sort((a, b) => (up ? a - b : b - a));
  const worst = fromWorst[Math.floor(fromWorst.length / 20)] ?? 0;
  const span = (fromWorst.at(-1) ?? 0) - worst;
  return (score: number | undefined): { quality?: number } => {
    if (score === undefined || !Number.isFinite(score)) return {};
    return { quality: span === 0 ? 1 : Math.max(0, (score - worst) / span) };
  };
}

function volumesByIteration(run: RunState, dataset: string | undefined): Map<number, Mark["volumes"]> {
  return new Map(
    run.volumes.map(({ iteration, datasets }) => {
      const volumes = datasets.find((candidate) => candidate.dataset === dataset);
      return [iteration, volumes === undefined ? "absent" : toCompleteness(volumes)];
    }),
  );
}

function toCompleteness({ prediction, outputs }: RunState["volumes"][number]["datasets"][number]): Mark["volumes"] {
  if (prediction === "partial" || outputs.some(({ whole }) => !whole)) return "partial";
  return prediction === "whole" || outputs.length > 0 ? "whole" : "absent";
}

export type Axis = {
  readonly first: number;
  readonly last: number;
  toX(iteration: number): number;
};

/** Even in iterations over `width` CSS pixels, with a margin on both sides. */
export function toAxis(marks: readonly Mark[], trainedUntil: number, width: number, margin: number): Axis {
  const first = Math.min(marks[0]?.iteration ?? 0, trainedUntil);
  const last = Math.max(marks.at(-1)?.iteration ?? 0, trainedUntil);
  const span = Math.max(1, last - first);
  return { first, last, toX: (iteration) => margin + ((iteration - first) / span) * Math.max(1, width - 2 * margin) };
}

/** The mark nearest to a place, among those given. */
export function nearestMark(marks: readonly Mark[], axis: Axis, x: number): Mark | undefined {
  return marks.reduce<Mark | undefined>((nearest, mark) => {
    if (nearest === undefined) return mark;
    return Math.abs(axis.toX(mark.iteration) - x) < Math.abs(axis.toX(nearest.iteration) - x) ? mark : nearest;
  }, undefined);
}

/** The iterations to write down: those that can be shown where there is room for each, round ones otherwise. */
export function toLabels(marks: readonly Mark[], axis: Axis, width: number): readonly number[] {
  const selectable = marks.filter((mark) => mark.selectable);
  const roomy = selectable.length > 0 && closestSpacing(selectable, axis) >= 48;
  if (roomy) return selectable.map(({ iteration }) => iteration);
  const ticks = toTicks(axis, width, 90);
  return ticks.length > 0 ? ticks : [axis.first];
}

/** Round iterations, at least `spacing` pixels apart. */
export function toTicks(axis: Axis, width: number, spacing: number): readonly number[] {
  const wanted = Math.max(1, Math.floor(width / spacing));
  const rough = Math.max(1, (axis.last - axis.first) / wanted);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = Math.max(1, power * ([1, 2, 5, 10].find((factor) => factor * power >= rough) ?? 10));
  const start = Math.ceil(axis.first / step) * step;
  const count = Math.floor((axis.last - start) / step) + 1;
  return Array.from({ length: Math.max(0, count) }, (_, index) => start + index * step);
}

/** Distance between neighbours, in pixels; the smallest there is. */
export function closestSpacing(marks: readonly Mark[], axis: Axis): number {
  let spacing = Number.POSITIVE_INFINITY;
  for (let index = 1; index < marks.length; index++) {
    const [before, after] = [marks[index - 1], marks[index]];
    if (before && after) spacing = Math.min(spacing, axis.toX(after.iteration) - axis.toX(before.iteration));
  }
  return spacing;
}
