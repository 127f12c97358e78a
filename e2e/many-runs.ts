import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import type { Page } from "@playwright/test";
import type { ValidationIterationScores } from "#dacapo/validation-scores.ts";
import { parseValidationScores } from "#storage/formats/validation-scores-pickle.ts";
import { type Base, createBase } from "./run-writer.ts";

const demo = resolve(import.meta.dirname, "../demo");
const originals = ["vnc_affs", "vnc_mito_distance"];

/** A base of runs made of the two that ship, in turn: every one has a name, a learning rate and scores of its own. */
export async function writeManyRuns(count: number): Promise<Base> {
  const runs = await createBase();
  const kinds = await Promise.all(originals.map(readOriginal));
  for (let index = 0; index < count; index++) {
    const kind = kinds[index % kinds.length];
    if (kind === undefined) continue;
    const name = `${kind.name}_${String(index).padStart(4, "0")}`;
    const yaml = kind.yaml.replace(/^learning_rate: .*$/m, `learning_rate: ${index}`);
    await runs.write(`configs/runs/${name}.yaml`, yaml);
    await runs.write(`stats/training_stats/${name}`, kind.losses);
    await runs.write(`stats/validation_scores/${name}.json`, toScoresJson(name, kind.scores, index));
  }
  return runs;
}

async function readOriginal(name: string) {
  const [losses, scores, yaml] = await Promise.all([
    readFile(`${demo}/stats/training_stats/${name}`),
    readFile(`${demo}/stats/validation_scores/${name}`),
    readFile(`${demo}/configs/runs/${name}.yaml`, "utf8"),
  ]);
  return { name, yaml, losses, scores: parseValidationScores(scores) };
}

/** As DaCapo's Mongo store would hold them: every run's are other parts of the original's. Some runs come out alike. */
function toScoresJson(name: string, scores: readonly ValidationIterationScores[], index: number): string {
  const part = ((index * 7919) % 983) / 983;
  const toPart = (score: number) => (Number.isNaN(score) ? null : score * part);
  const documents = scores.map(({ iteration, scores: datasets }) => ({
    run_name: name,
    iteration,
    scores: datasets.map((all) => all.map((criteria) => criteria.map(toPart))),
  }));
  return JSON.stringify(documents);
}

type HeapUsage = { usedSize: number; embedderHeapUsedSize?: number; backingStorageSize?: number };

/** Bytes of JavaScript, of what it holds in the page, and of its buffers, after a collection. */
export async function memoryOf(page: Page): Promise<number> {
  const session = await page.context().newCDPSession(page);
  await session.send("HeapProfiler.collectGarbage");
  const usage: HeapUsage = await session.send("Runtime.getHeapUsage");
  await session.detach();
  return usage.usedSize + (usage.embedderHeapUsedSize ?? 0) + (usage.backingStorageSize ?? 0);
}
