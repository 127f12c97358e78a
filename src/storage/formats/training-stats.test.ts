import { existsSync, readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { type TrainingStats, toTrainingStats } from "#dacapo/training-stats.ts";
import { parseTrainingStats } from "./training-stats-pickle.ts";
import { scanTrainingStats } from "./training-stats-scan.ts";

const fixtures = new URL("./fixtures/", import.meta.url);
const readFixture = (name: string) => new Uint8Array(readFileSync(new URL(name, fixtures)));
const listFixtures = (pattern: RegExp) => readdirSync(fixtures).filter((name) => pattern.test(name));
const realRuns = "../shared/runs";

// JSON has no NaN and no infinities: the fixtures hold them as texts.
const odd = new Map<unknown, number>([
  ["nan", Number.NaN],
  ["inf", Number.POSITIVE_INFINITY],
  ["-inf", Number.NEGATIVE_INFINITY],
]);
const readExpected = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(name, fixtures), "utf8"), (_, value) => odd.get(value) ?? value);

function listRealFiles(folder: string): string[] {
  if (existsSync(`${realRuns}/${folder}`)) return readdirSync(`${realRuns}/${folder}`);
  console.info(`skipped: ${realRuns}/${folder} is not here, so nothing is compared with the real runs`);
  return [];
}

type Row = { readonly iteration: number; readonly loss: number | null; readonly time: number };

function expected(rows: readonly Row[]): TrainingStats {
  return toTrainingStats(rows.map((row) => ({ ...row, loss: row.loss ?? Number.NaN })));
}

const tagged = (tag: unknown) => expect.objectContaining({ tag });

describe("training statistics", () => {
  test.each(listFixtures(/^training_protocol/))(
    "%s keeps NaN, infinities, whole numbers and the order of the file",
    (name) => {
      expect(parseTrainingStats(readFixture(name))).toEqual(expected(readExpected("training.json") as Row[]));
    },
  );

  test.each(listFixtures(/^no_steps/))("%s is a run that has not trained", (name) => {
    expect(parseTrainingStats(readFixture(name)).iterations).toHaveLength(0);
  });

  test.each(listFixtures(/^one_step/))("%s holds one iteration", (name) => {
    expect(parseTrainingStats(readFixture(name))).toEqual(expected([{ iteration: 0, loss: 1, time: 0.25 }]));
  });

  test("losses that are NumPy scalars are read as numbers", () => {
    const stats = parseTrainingStats(readFixture("numpy_losses.pickle"));
    expect(stats).toEqual(expected(readExpected("numpy_losses.json") as Row[]));
  });

  test("a file of two frames and three batches is read in one pass", () => {
    const bytes = readFixture("two_frames.pickle");
    const stats = scanTrainingStats(bytes);
    expect(stats?.iterations).toEqual(Float64Array.from({ length: 2001 }, (_, row) => row));
    expect(stats?.losses).toEqual(Float64Array.from({ length: 2001 }, (_, row) => 1 / (row + 1)));
    expect(stats?.times.at(-1)).toBe(0.25 + 2000 / 1024);
  });

  test("a long file says how far it is, at most once a megabyte", () => {
    const row = "}(h\x00K\x07h\x01G\0\0\0\0\0\0\0\0h\x02Nu";
    const batch = `(${row.repeat(1000)}e`;
    const keys = "(}(X\x09\0\0\0iterationq\0K\x07X\x04\0\0\0lossq\x01K\x01X\x04\0\0\0timeq\x02Nue";
    const bytes = Uint8Array.from(`]${keys}${batch.repeat(150)}.`, (character) => character.charCodeAt(0));
    const seen: number[] = [];
    const stats = parseTrainingStats(bytes, (done, total) => seen.push(done / total));
    expect(stats.iterations).toHaveLength(150_001);
    expect(seen).toHaveLength(Math.floor(bytes.length / 2 ** 20));
    expect(seen.every((part, index) => part > (seen[index - 1] ?? 0) && part < 1)).toBe(true);
  });

  test.each(listFixtures(/^(training|one_step|no_steps|numpy_losses).*pickle$/))(
    "%s cut at any byte is torn, never empty",
    (name) => {
      const bytes = readFixture(name);
      for (let length = 0; length < bytes.length; length++) {
        expect(() => parseTrainingStats(bytes.slice(0, length)), `cut at ${length}`).toThrow(tagged("torn"));
      }
    },
  );

  test.each(listFixtures(/^training_protocol[1-5]|^two_frames|^no_steps_protocol[1-5]/))(
    "%s is read without building a row",
    (name) => {
      expect(scanTrainingStats(readFixture(name))).toBeDefined();
    },
  );

  test.each(["hostile_protocol4.pickle", "scores_numpy2_protocol4.pickle", "object_array.pickle"])(
    "%s is not taken for training statistics",
    (name) => {
      expect(() => parseTrainingStats(readFixture(name))).toThrow(tagged(expect.stringMatching(/refused|malformed/)));
    },
  );

  test.each(listRealFiles("stats/training_stats"))("%s equals the documents that DaCapo exports", (run) => {
    const documents = JSON.parse(readFileSync(`${realRuns}/stats_json/training_stats/${run}.json`, "utf8")) as Row[];
    const bytes = new Uint8Array(readFileSync(`${realRuns}/stats/training_stats/${run}`));
    expect(parseTrainingStats(bytes)).toEqual(expected(documents));
    expect(scanTrainingStats(bytes)).toBeDefined();
  });
});
