import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import type { TrainingStats } from "#dacapo/training-stats.ts";
import type { ValidationIterationScores } from "#dacapo/validation-scores.ts";
import { parseTrainingStats } from "#storage/formats/training-stats-pickle.ts";
import { parseValidationScores } from "#storage/formats/validation-scores-pickle.ts";
import { type Pickled, toPickle } from "./pickle-writer.ts";

/** One change of the disk, named so that a test can say how far to go. Paths are relative to the runs base. */
export type Step = { readonly label: string } & (
  | { readonly kind: "write"; readonly path: string; readonly bytes: Uint8Array }
  | { readonly kind: "copy"; readonly paths: readonly string[] }
  | { readonly kind: "remove"; readonly path: string }
);

/** A real, finished run that is written again. `datasets`: folder names in the order in which they were validated. */
export type ReplayedRun = {
  readonly source: string;
  readonly run: string;
  readonly datasets: readonly string[];
  readonly stats: TrainingStats;
  readonly scores: readonly ValidationIterationScores[];
};

export async function openReplayedRun(source: string, run: string, datasets: readonly string[]): Promise<ReplayedRun> {
  const stats = parseTrainingStats(await readFile(join(source, "stats/training_stats", run)));
  const scores = parseValidationScores(await readFile(join(source, "stats/validation_scores", run)));
  return { source, run, datasets, stats, scores };
}

/** Losses of the iterations before `end`, as DaCapo's file has them. */
export function toTrainingPickle({ run, stats }: ReplayedRun, end: number): Uint8Array {
  const rows = [...stats.iterations].flatMap((iteration, i) =>
    iteration < end ? [[iteration, stats.losses[i] ?? Number.NaN, stats.times[i] ?? 0] as const] : [],
  );
  const toRow = ([iteration, loss, time]: readonly [number, number, number]) =>
    new Map<string, Pickled>([
      ["iteration", { int: iteration }],
      ["loss", { float: loss }],
      ["time", { float: time }],
      ["run_name", run],
    ]);
  return toPickle(rows.map(toRow));
}

/** Scores of the validations up to and with `last`, as DaCapo's file has them. */
export function toScoresPickle({ run, scores }: ReplayedRun, last: number): Uint8Array {
  const toScores = (values: ValidationIterationScores["scores"]): Pickled =>
    values.map((dataset) => dataset.map((parameters) => parameters.map((float) => ({ float }))));
  const rows = scores.filter(({ iteration }) => iteration <= last);
  return toPickle(
    rows.map(
      (row) =>
        new Map<string, Pickled>([
          ["iteration", { int: row.iteration }],
          ["scores", toScores(row.scores)],
          ["run_name", run],
        ]),
    ),
  );
}

/** Every write of the run, in the order in which DaCapo does them for each validation. */
export async function planTraining(replayed: ReplayedRun): Promise<readonly Step[]> {
  const steps: Step[] = [{ label: "configs written", kind: "copy", paths: await filesIn(replayed.source, "configs") }];
  for (const [index, { iteration }] of replayed.scores.entries())
    steps.push(...(await planValidation(replayed, iteration, index === 0)));
  return [...steps, { label: "best written", kind: "copy", paths: await bestFiles(replayed) }];
}

async function planValidation(replayed: ReplayedRun, iteration: number, first: boolean): Promise<readonly Step[]> {
  const volumes = replayed.datasets.map((dataset) => planDataset(replayed, iteration, dataset, first));
  return [
    ...planRewrite(
      `${iteration} training_stats`,
      `stats/training_stats/${replayed.run}`,
      toTrainingPickle(replayed, iteration),
    ),
    ...(await planCheckpoint(replayed, iteration)),
    ...(await Promise.all(volumes)).flat(),
    ...planScores(replayed, iteration, ""),
    ...planScores(replayed, iteration, " again"),
  ];
}

/** In place: the file is emptied, then grows. */
function planRewrite(label: string, path: string, bytes: Uint8Array): readonly Step[] {
  return [
    { label: `${label} emptied`, kind: "write", path, bytes: new Uint8Array(0) },
    { label: `${label} torn`, kind: "write", path, bytes: bytes.subarray(0, Math.floor(bytes.length / 2)) },
    { label: `${label} written`, kind: "write", path, bytes },
  ];
}

function planScores(replayed: ReplayedRun, iteration: number, again: string): readonly Step[] {
  const path = `stats/validation_scores/${replayed.run}`;
  const label = `${iteration} validation_scores`;
  const rewrite = planRewrite(label, path, toScoresPickle(replayed, iteration));
  return [
    { label: `${label} unlinked${again}`, kind: "remove", path },
    ...rewrite.map((step) => ({ ...step, label: step.label + again })),
  ];
}

async function planCheckpoint({ source, run }: ReplayedRun, iteration: number): Promise<readonly Step[]> {
  const path = `${run}/checkpoints/iterations/${iteration}`;
  return planRewrite(`${iteration} checkpoint`, path, await readFile(join(source, path)));
}

async function planDataset(
  replayed: ReplayedRun,
  iteration: number,
  dataset: string,
  first: boolean,
): Promise<readonly Step[]> {
  const container = `${replayed.run}/validation.zarr`;
  const inputs = first
    ? ["raw", "gt"].map((name) => [`${dataset} ${name}`, `${container}/inputs/${dataset}/${name}`] as const)
    : [];
  const folder = `${container}/${iteration}/${dataset}`;
  const outputs = (await readdir(join(replayed.source, folder, "output"))).sort();
  const arrays = [
    ...inputs,
    [`${iteration} ${dataset} prediction`, `${folder}/prediction`] as const,
    ...outputs.map(
      (parameters) => [`${iteration} ${dataset} ${parameters}`, `${folder}/output/${parameters}`] as const,
    ),
  ];
  return (await Promise.all(arrays.map(([label, path]) => planArray(replayed.source, label, path)))).flat();
}

/** Shape, then attributes, then block by block. */
async function planArray(source: string, label: string, path: string): Promise<readonly Step[]> {
  const chunks = (await filesIn(source, path)).filter((file) => !file.endsWith(".zarray") && !file.endsWith(".zattrs"));
  const blocks = chunks.map((chunk, i): Step => ({ label: `${label} block ${i + 1}`, kind: "copy", paths: [chunk] }));
  return [
    { label: `${label} shape`, kind: "copy", paths: [`${path}/.zarray`] },
    { label: `${label} attributes`, kind: "copy", paths: [`${path}/.zattrs`] },
    ...blocks,
    { label: `${label} written`, kind: "copy", paths: [] },
  ];
}

/** Written at the end, where the run has them: pointers beside the checkpoints and arrays beside the iterations. */
async function bestFiles({ source, run, datasets }: ReplayedRun): Promise<readonly string[]> {
  const folders = datasets.flatMap((dataset) => [`${run}/checkpoints/${dataset}`, `${run}/validation.zarr/${dataset}`]);
  return (await Promise.all(folders.map((folder) => filesIn(source, folder)))).flat();
}

/** Files at any depth below `folder`, relative to `source`, sorted; none where it is absent. */
async function filesIn(source: string, folder: string): Promise<readonly string[]> {
  if (!(await stat(join(source, folder)).catch(() => undefined))) return [];
  const names = await readdir(join(source, folder), { recursive: true, withFileTypes: true });
  const files = names
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(source.length + 1));
  return files.map((file) => file.replaceAll("\\", "/")).sort();
}
