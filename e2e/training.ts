// A process of its own that writes a real run again, as DaCapo writes it. It does nothing by itself: each line on stdin says how far to go.
//   advance LABEL   does every step up to and with the one of that label
//   rewind N        cuts losses and scores back to iteration N, as a resumed training does
// Each line is answered by one line of JSON: {"done": LABEL} or {"error": MESSAGE}. Arguments: SOURCE_BASE TARGET_BASE RUN DATASET...
import { copyFile, mkdir, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { openReplayedRun, planTraining, type Step, toScoresPickle, toTrainingPickle } from "./training-plan.ts";

const [source = "", target = "", run = "", ...datasets] = process.argv.slice(2);
const replayed = await openReplayedRun(resolve(source), run, datasets);
const steps = await planTraining(replayed);
let next = 0;

async function at(path: string): Promise<string> {
  const place = join(target, path);
  await mkdir(dirname(place), { recursive: true });
  return place;
}

/** zarr writes a chunk beside its place and moves it there. */
async function copy(path: string): Promise<void> {
  const place = await at(path);
  await copyFile(join(replayed.source, path), `${place}.partial`);
  await rename(`${place}.partial`, place);
}

async function perform(step: Step): Promise<void> {
  if (step.kind === "write") await writeFile(await at(step.path), step.bytes);
  else if (step.kind === "remove") await rm(join(target, step.path), { force: true });
  else for (const path of step.paths) await copy(path);
}

async function advance(label: string): Promise<void> {
  const last = steps.findIndex((step) => step.label === label);
  if (last < next)
    throw new RangeError(
      `No step "${label}" is ahead; the next ones: ${steps
        .slice(next, next + 8)
        .map((step) => step.label)
        .join(", ")}.`,
    );
  for (; next <= last; next++) {
    const step = steps[next];
    if (step) await perform(step);
  }
}

async function rewind(iteration: number): Promise<void> {
  await writeFile(await at(`stats/training_stats/${run}`), toTrainingPickle(replayed, iteration));
  await writeFile(await at(`stats/validation_scores/${run}`), toScoresPickle(replayed, iteration - 1));
}

async function obey(line: string): Promise<void> {
  const [command = "", ...words] = line.split(" ");
  if (command === "advance") await advance(words.join(" "));
  else if (command === "rewind") await rewind(Number(words[0]));
  else throw new RangeError(`No command "${command}".`);
}

for await (const line of createInterface({ input: process.stdin })) {
  const answer = await obey(line).then(
    () => ({ done: line }),
    (cause: unknown) => ({ error: String(cause) }),
  );
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
