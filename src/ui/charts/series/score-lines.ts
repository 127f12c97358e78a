import { criterionOf } from "#dacapo/evaluation-scores.ts";
import { toParametersString, toShortLabel } from "#dacapo/post-processor-parameters.ts";
import { criteria, scoreAt, type ValidationScores } from "#dacapo/validation-scores.ts";

/** One criterion of one dataset with one set of parameters over the validated iterations, ascending. */
export type ScoreLine = {
  readonly dataset: string;
  readonly parameters: string;
  /** What tells the line from the others that are drawn: parameters, dataset, or both. */
  readonly label: string;
  /** Parameters as people say them: "bias 0.5". */
  readonly shortParameters: string;
  readonly datasetIndex: number;
  readonly parametersIndex: number;
  readonly iterations: readonly number[];
  /** NaN where the score is NaN or missing. */
  readonly values: readonly number[];
};

export type Choice = { readonly criterion: string; readonly dataset: string; readonly parameters: string };

/** The lines of a choice, datasets outside and parameters inside, in the order of the axes. "all" chooses all. */
export function toScoreLines(scores: ValidationScores, choice: Choice): readonly ScoreLine[] {
  const criterion = criteria(scores).indexOf(choice.criterion);
  if (criterion < 0) return [];
  const entries = scores.scores.toSorted((a, b) => a.iteration - b.iteration);
  const datasets = chosen(scores.datasets, choice.dataset);
  const parameters = chosen(scores.parameters.map(toParametersString), choice.parameters);
  return datasets.flatMap((d) =>
    parameters.map((p) => ({
      dataset: d.name,
      parameters: p.name,
      datasetIndex: d.index,
      parametersIndex: p.index,
      label: toLabel(d.name, shortOf(scores, p), { datasets: datasets.length, parameters: parameters.length }),
      shortParameters: shortOf(scores, p),
      iterations: entries.map((entry) => entry.iteration),
      values: entries.map((entry) => scoreAt(entry, d.index, p.index, criterion)),
    })),
  );
}

type Chosen = { readonly name: string; readonly index: number };

function chosen(names: readonly string[], wanted: string): readonly Chosen[] {
  const all = names.map((name, index) => ({ name, index }));
  return wanted === "all" ? all : all.filter((one) => one.name === wanted);
}

type Counts = { readonly datasets: number; readonly parameters: number };

function shortOf(scores: ValidationScores, { name, index }: Chosen): string {
  const parameters = scores.parameters[index];
  return parameters === undefined ? name : toShortLabel(parameters);
}

function toLabel(dataset: string, parameters: string, counts: Counts): string {
  if (counts.datasets === 1) return parameters;
  return counts.parameters === 1 ? dataset : `${dataset} · ${parameters}`;
}

/** "higher is better" unless the criterion says otherwise. */
export function isHigherBetter(scores: ValidationScores, criterion: string): boolean {
  return criterionOf(scores.evaluationScores, criterion)?.higherIsBetter ?? true;
}

/** Least and greatest finite value of all lines within a window; undefined when there is none. */
export function valueRange(
  lines: readonly ScoreLine[],
  first: number,
  last: number,
): readonly [number, number] | undefined {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const line of lines) {
    line.values.forEach((value, i) => {
      const iteration = line.iterations[i] as number;
      if (!Number.isFinite(value) || iteration < first || iteration > last) return;
      low = Math.min(low, value);
      high = Math.max(high, value);
    });
  }
  return low <= high ? [low, high] : undefined;
}

/** Lines that lie on each other, so that only the last drawn is seen: groups of two and more with the same values everywhere. */
export function coincidingLines(lines: readonly ScoreLine[]): readonly (readonly ScoreLine[])[] {
  const groups = new Map<string, ScoreLine[]>();
  for (const line of lines) {
    const key = line.values.join();
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [line]);
    else group.push(line);
  }
  return [...groups.values()].filter((group) => group.length > 1);
}
