import { spawnSync } from "node:child_process";
import { readdir, readFile, stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parseTrainingStats } from "#storage/formats/training-stats-pickle.ts";
import { parseValidationScores } from "#storage/formats/validation-scores-pickle.ts";
import { startTraining, type Training } from "./training-process.ts";

const demo = resolve(import.meta.dirname, "../demo");
const run = "vnc_mito_distance";
let training: Training;

beforeAll(async () => {
  training = await startTraining(demo, run);
});
afterAll(() => training.stop());

const read = (path: string) => readFile(join(training.base, path));
const isThere = (path: string) =>
  stat(join(training.base, path)).then(
    () => true,
    () => false,
  );
const losses = `stats/training_stats/${run}`;
const scores = `stats/validation_scores/${run}`;

test("a training is written step by step, torn where DaCapo's files are torn", async () => {
  await training.advance("configs written");
  expect(await isThere(`configs/runs/${run}.yaml`)).toBe(true);
  expect(await isThere(losses)).toBe(false);

  await training.advance("250 training_stats emptied");
  expect((await read(losses)).length).toBe(0);
  await training.advance("250 training_stats torn");
  const torn = await read(losses);
  expect(() => parseTrainingStats(torn)).toThrow(expect.objectContaining({ tag: "torn" }));
  await training.advance("250 training_stats written");
  expect(parseTrainingStats(await read(losses)).iterations.at(-1)).toBe(249);

  await training.advance("250 vnc_crop_a prediction block 1");
  expect(await readdir(join(training.base, run, "validation.zarr/250/vnc_crop_a/prediction/0"))).toEqual(["0"]);
  expect(await isThere(`${run}/validation.zarr/250/vnc_crop_b/output/threshold_0.5/.zattrs`)).toBe(true);
  expect(await isThere(scores)).toBe(false);

  await training.advance("500 validation_scores unlinked");
  expect(await isThere(scores)).toBe(false);
  await training.advance("500 validation_scores written");
  expect(parseValidationScores(await read(scores)).map(({ iteration }) => iteration)).toEqual([250, 500]);
});

test("a step that is passed or unknown is refused", async () => {
  await expect(training.advance("250 training_stats torn")).rejects.toThrow("No step");
  await expect(training.advance("epoch 7")).rejects.toThrow("No step");
});

test("what it has written in the end is what DaCapo wrote", async () => {
  await training.advance("best written");
  expect(parseTrainingStats(await read(losses)).losses).toEqual(
    parseTrainingStats(await readFile(join(demo, losses))).losses.slice(0, 1250),
  );
  expect(parseValidationScores(await read(scores))).toEqual(parseValidationScores(await readFile(join(demo, scores))));
  const files = async (base: string) => (await readdir(join(base, run), { recursive: true })).sort();
  expect(await files(training.base)).toEqual(await files(demo));
});

const hasPython = spawnSync("python3", ["--version"]).status === 0;
if (!hasPython) console.log("No python3 here: whether Python reads the written pickles is not tested.");

test.skipIf(!hasPython)("Python reads the written pickles too, keys in DaCapo's order", async () => {
  const program = "import pickle, sys; print([list(pickle.load(open(path, 'rb'))[-1]) for path in sys.argv[1:]])";
  const files = [losses, scores].map((path) => join(training.base, path));
  const { stdout } = spawnSync("python3", ["-c", program, ...files], { encoding: "utf8" });
  expect(stdout.trim()).toBe("[['iteration', 'loss', 'time', 'run_name'], ['iteration', 'scores', 'run_name']]");
});

test("a resumed training drops what it will do again, and the newest score with it", async () => {
  await training.rewind(1000);
  expect(parseTrainingStats(await read(losses)).iterations.at(-1)).toBe(999);
  expect(parseValidationScores(await read(scores)).at(-1)?.iteration).toBe(750);
});
