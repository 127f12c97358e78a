// One run in a list of many: what is said of it in a line, worked out from its configuration, losses and scores alone.
import { bestScore } from "#dacapo/best.ts";
import { type ConfigField, diffConfigs } from "#dacapo/config-diff.ts";
import { isBetter } from "#dacapo/scores-array.ts";
import { type TrainingStats, trainedUntil } from "#dacapo/training-stats.ts";
import { parameterCount } from "#dacapo/unet-cost.ts";
import { criteria } from "#dacapo/validation-scores.ts";
import { readYaml } from "#storage/formats/read-yaml.ts";
import type { RunState } from "./app-state.ts";
import { toPhase } from "./phase.ts";
import type { RowBest, RunRow } from "./run-table.ts";
import { configOf } from "./score-state.ts";
import { scoresOf, validationIterations } from "./selectors.ts";

export const sparkPoints = 60;

/** Before anything was read of it. */
export function waitingRow(name: string): RunRow {
  return {
    ...{ name, status: "waiting", phase: "unknown" },
    ...{ trainedUntil: 0, validatedUntil: 0, best: [], losses: [], settings: {} },
  };
}

export async function toRunRow(run: RunState, reason: string | undefined, now: number): Promise<RunRow> {
  const stats = run.training.status === "ready" ? run.training.value : undefined;
  const config = configOf(run);
  const { changedAt } = run.freshness;
  const planned = config?.numIterations;
  const weights = parameterCount(config?.architectureConfig, config?.taskConfig);
  return {
    name: run.name,
    status: stats === undefined && config === undefined && run.scores.status !== "ready" ? "failed" : "ready",
    phase: toPhase({ config, stats, changedAt, now }),
    trainedUntil: stats === undefined ? 0 : trainedUntil(stats),
    validatedUntil: validationIterations(run).at(-1) ?? 0,
    best: toRowBests(run),
    losses: stats === undefined ? [] : toSpark(stats),
    settings: await toSettings(run.configText),
    ...(reason !== undefined && { reason }),
    ...(planned !== undefined && { planned }),
    ...(weights !== undefined && { weights }),
    ...(changedAt !== undefined && { changedAt }),
  };
}

/** Of equal scores the first dataset's. */
function toRowBests(run: RunState): readonly RowBest[] {
  const scores = scoresOf(run)?.scores;
  if (scores === undefined) return [];
  return criteria(scores).flatMap((criterion, index) => {
    const higherIsBetter = scores.evaluationScores.criteria[index]?.higherIsBetter ?? true;
    const found = scores.datasets.flatMap((dataset) => bestScore(scores, dataset, criterion) ?? []);
    const [first, ...rest] = found;
    if (first === undefined) return [];
    const best = rest.reduce((a, b) => (isBetter(b.score, a.score, higherIsBetter) ? b : a), first);
    return [{ ...best, higherIsBetter }];
  });
}

function toSpark({ losses }: TrainingStats): readonly number[] {
  const count = Math.min(sparkPoints, losses.length);
  return Array.from({ length: count }, (_, point) => {
    const from = Math.floor((point * losses.length) / count);
    const stretch = losses.subarray(from, Math.floor(((point + 1) * losses.length) / count)).filter(Number.isFinite);
    return stretch.length === 0 ? Number.NaN : stretch.reduce((sum, loss) => sum + loss, 0) / stretch.length;
  });
}

/** The settings of several runs beside each other, from their configurations' YAML. */
export async function compareSettings(texts: readonly (string | undefined)[]): Promise<readonly ConfigField[]> {
  return diffConfigs(await Promise.all(texts.map((text) => (text === undefined ? undefined : readYaml(text)))));
}

async function toSettings(text: string | undefined): Promise<Readonly<Record<string, string>>> {
  const settings: Record<string, string> = Object.create(null);
  if (text === undefined) return settings;
  for (const { path, values } of diffConfigs([await readYaml(text)])) settings[path.join(".")] = values[0] ?? "";
  return settings;
}
