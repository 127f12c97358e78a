import { readFileSync } from "node:fs";
import { join } from "node:path";

// What is best, worked out anew from the scores as DaCapo's Mongo store would hold them (plain JSON, NaN as null).
type Document = { readonly iteration: number; readonly scores: readonly (readonly (readonly (number | null)[])[])[] };
export type GoldenBest = {
  readonly dataset: string;
  readonly criterion: string;
  readonly iteration: number;
  readonly parameters: string;
  readonly score: number;
};
type Direction = "lower" | "higher";

/** In the order in which DaCapo stores them. */
const binary: readonly (readonly [string, Direction])[] = [
  ["dice", "higher"],
  ["jaccard", "higher"],
  ["hausdorff", "lower"],
  ["false_negative_rate", "lower"],
  ["false_negative_rate_with_tolerance", "lower"],
  ["false_positive_rate", "lower"],
  ["false_discovery_rate", "lower"],
  ["false_positive_rate_with_tolerance", "lower"],
  ["voi", "lower"],
  ["mean_false_distance", "lower"],
  ["mean_false_negative_distance", "lower"],
  ["mean_false_positive_distance", "lower"],
  ["mean_false_distance_clipped", "lower"],
  ["mean_false_negative_distance_clipped", "lower"],
  ["mean_false_positive_distance_clipped", "lower"],
  ["precision_with_tolerance", "higher"],
  ["recall_with_tolerance", "higher"],
  ["f1_score_with_tolerance", "higher"],
  ["precision", "higher"],
  ["recall", "higher"],
  ["f1_score", "higher"],
];
const instance: typeof binary = [
  ["voi_split", "lower"],
  ["voi_merge", "lower"],
  ["voi", "lower"],
];
const ofChannels = (...channels: string[]): typeof binary =>
  channels.flatMap((channel) => binary.map(([name, direction]) => [`${channel}__${name}`, direction] as const));

const watershed = [0.1, 0.25, 0.5, 0.75, 0.9].map(
  (bias, id) => `WatershedPostProcessorParameters(id=${id}, bias=${bias}, context=(32, 32, 32))`,
);

/** Axes of the scores, in the order in which they were written. */
export const scored = {
  vnc_affs: { datasets: ["vnc_crop_b", "vnc_crop_a"], parameters: watershed, criteria: instance },
  vnc_mito_distance: {
    datasets: ["vnc_crop_b", "vnc_crop_a"],
    parameters: ["threshold_-0.5", "threshold_-0.25", "threshold_0.0", "threshold_0.25", "threshold_0.5"],
    criteria: ofChannels("mito"),
  },
  vnc_rawgt_distance: {
    datasets: ["vnc/crop_a", "vnc/crop_b"],
    parameters: ["threshold_-0.25", "threshold_0.0"],
    criteria: ofChannels("membrane", "mito"),
  },
} as const;

export type ScoredRun = keyof typeof scored;

const folder = join(import.meta.dirname, "fixtures/stats_json/validation_scores");

/** Datasets outside, criteria inside. */
export function goldenBests(run: ScoredRun): readonly GoldenBest[] {
  const documents = JSON.parse(readFileSync(join(folder, `${run}.json`), "utf8")) as Document[];
  const { datasets, criteria } = scored[run];
  return datasets.flatMap((_, dataset) =>
    criteria.flatMap((_, criterion) => bestOf(documents, run, dataset, criterion)),
  );
}

/** Ties go to the earliest iteration, then to the first parameters: a later equal score replaces nothing. */
function bestOf(documents: readonly Document[], run: ScoredRun, dataset: number, criterion: number): GoldenBest[] {
  const { datasets, parameters, criteria } = scored[run];
  const [name, direction] = criteria[criterion] ?? ["", "lower"];
  const found = documents.flatMap(({ iteration, scores }) =>
    (scores[dataset] ?? []).flatMap((row, i) => {
      const score = row[criterion] ?? null;
      return score === null
        ? []
        : [{ dataset: datasets[dataset] ?? "", criterion: name, iteration, parameters: parameters[i] ?? "", score }];
    }),
  );
  const [best] = found.toSorted((a, b) => (direction === "lower" ? a.score - b.score : b.score - a.score)); // stable
  return best === undefined ? [] : [best];
}
