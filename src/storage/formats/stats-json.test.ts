import { existsSync, readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { parseJson } from "./json.ts";
import { parseTrainingStatsJson, parseValidationScoresJson } from "./stats-json.ts";
import { parseTrainingStats } from "./training-stats-pickle.ts";
import { parseValidationScores } from "./validation-scores-pickle.ts";

const realRuns = "../shared/runs";

function listRealFiles(folder: string): string[] {
  if (existsSync(`${realRuns}/${folder}`)) return readdirSync(`${realRuns}/${folder}`);
  console.info(`skipped: ${realRuns}/${folder} is not here, so nothing is compared with the real runs`);
  return [];
}

const readReal = (path: string) => new Uint8Array(readFileSync(`${realRuns}/${path}`));
const bytesOf = (text: string) => new TextEncoder().encode(text);
const tagged = (tag: string) => expect.objectContaining({ tag });

describe("statistics exported as JSON", () => {
  test("hold NaN as null or as Python writes it", () => {
    const losses = ["null", "NaN", "Infinity", "-Infinity", "1e-05", "-0.5", "3"];
    const documents = losses.map((loss, iteration) => `{"iteration": ${iteration}, "loss": ${loss}, "time": 0.5}`);
    const stats = parseTrainingStatsJson(bytesOf(`[${documents.join(", ")}]\n`));
    expect([...stats.losses]).toEqual([Number.NaN, Number.NaN, Infinity, -Infinity, 1e-5, -0.5, 3]);
    expect([...stats.iterations]).toEqual([0, 1, 2, 3, 4, 5, 6]);
  });

  test("are sorted by iteration, since a database gives them in any order", () => {
    const rows = [7, 2, 5].map((iteration) => `{"loss":${iteration / 2},"iteration":${iteration},"time":${iteration}}`);
    const stats = parseTrainingStatsJson(bytesOf(`[${rows}]`));
    expect([...stats.iterations]).toEqual([2, 5, 7]);
    expect([...stats.losses]).toEqual([1, 2.5, 3.5]);
    expect([...stats.times]).toEqual([2, 5, 7]);
  });

  test("may carry Mongo's ids and wrapped numbers, and run names in any script", () => {
    const text = `[{"_id": {"$oid": "6a", "deep": [1, {"a": "\\"]}"}]}, "run_name": "rün \\u00e9 😀", "iteration": {"$numberInt": "4"}, "loss": {"$numberDouble": "NaN"}, "time": {"$numberLong": "2"}}]`;
    const stats = parseTrainingStatsJson(bytesOf(text));
    expect(stats.iterations).toEqual(Float64Array.of(4));
    expect(stats.losses).toEqual(Float64Array.of(Number.NaN));
    expect(stats.times).toEqual(Float64Array.of(2));
  });

  test("are a document a line as mongoexport writes them", () => {
    const losses = [
      '{"_id":{"$oid":"6a"},"iteration":{"$numberInt":"1"},"loss":{"$numberDouble":"0.25"},"time":{"$numberDouble":"NaN"},"run_name":"a"}',
      '{"_id":{"$oid":"6b"},"iteration":0,"loss":0.5,"time":{"$numberLong":2},"run_name":"a"}',
    ];
    for (const text of [losses.join("\n"), `${losses.join("\r\n")}\r\n\n`, losses.join(" ")]) {
      const stats = parseTrainingStatsJson(bytesOf(text));
      expect([stats.iterations, stats.losses, stats.times].map((column) => [...column])).toEqual([
        [0, 1],
        [0.5, 0.25],
        [2, Number.NaN],
      ]);
    }
    const scores = bytesOf(
      '{"iteration":{"$numberInt":"20"},"scores":[[[{"$numberDouble":"1.5"},{"$numberDouble":"NaN"}]]]}\n{"iteration":10,"scores":[[[2,3]]]}\n',
    );
    expect(parseValidationScoresJson(scores)).toEqual([
      { iteration: 10, scores: [[[2, 3]]] },
      { iteration: 20, scores: [[[1.5, Number.NaN]]] },
    ]);
  });

  test("cut within a line are torn, and a line that is no document is damage", () => {
    const line = '{"iteration": 1, "loss": 1, "time": 1}';
    for (let length = 1; length < line.length; length++)
      expect(() => parseTrainingStatsJson(bytesOf(`${line}\n${line.slice(0, length)}`))).toThrow(tagged("torn"));
    for (const rest of [",", "[]", "1", `,${line}`, "]"])
      expect(() => parseTrainingStatsJson(bytesOf(`${line}\n${rest} `))).toThrow(tagged("malformed"));
  });

  test.each(listRealFiles("stats_json/training_stats"))("%s is the same a document a line", (name) => {
    const bytes = readReal(`stats_json/training_stats/${name}`);
    const documents = new TextDecoder()
      .decode(bytes)
      .trim()
      .slice(1, -1)
      .replaceAll(/\}\s*,\s*\{/g, "}\n{");
    expect(parseTrainingStatsJson(bytesOf(documents))).toEqual(parseTrainingStatsJson(bytes));
  });

  test("keep ragged and empty scores", () => {
    const scores = parseValidationScoresJson(
      bytesOf('[{"iteration": 9, "scores": [[], [[1, null], [2.5]]]}, {"iteration": 3, "scores": []}]'),
    );
    expect(scores).toEqual([
      { iteration: 3, scores: [] },
      { iteration: 9, scores: [[], [[1, Number.NaN], [2.5]]] },
    ]);
  });

  test("cut at any byte are torn, never empty", () => {
    const training = bytesOf(
      '[{"_id": {"$oid": "1\\n"}, "iteration": 0, "loss": -1.5e-3, "time": NaN, "run_name": "é"}, {"iteration": 1, "loss": 1, "time": 1}]',
    );
    const validation = bytesOf('[{"iteration": 0, "scores": [[[0.5, null]]], "run_name": "a"}]');
    for (let length = 0; length < training.length; length++) {
      expect(() => parseTrainingStatsJson(training.subarray(0, length)), `cut at ${length}`).toThrow(tagged("torn"));
    }
    for (let length = 0; length < validation.length; length++) {
      expect(() => parseValidationScoresJson(validation.subarray(0, length)), `cut at ${length}`).toThrow(
        tagged("torn"),
      );
    }
  });

  test.each([
    "{}",
    "[1]",
    '[{"iteration": 1.5, "loss": 1}]',
    '[{"iteration": 1}]',
    '[{"iteration": "1", "loss": 1}]',
    "[] []",
    '[{"iteration": 1, "loss": 1e}]',
    "[01]",
    "[,]",
    "<html></html>",
  ])("%s is not taken for training statistics", (text) => {
    expect(() => parseTrainingStatsJson(bytesOf(`${text} `))).toThrow(tagged("malformed"));
  });

  test("nested without end are refused", () => {
    expect(() => parseTrainingStatsJson(bytesOf(`[{"x": ${"[".repeat(100_000)}`))).toThrow(tagged("limit"));
  });

  test.each(listRealFiles("stats_json/training_stats"))("%s equals the pickle of the same run", (name) => {
    const pickle = parseTrainingStats(readReal(`stats/training_stats/${name.replace(/\.json$/, "")}`));
    expect(parseTrainingStatsJson(readReal(`stats_json/training_stats/${name}`))).toEqual(pickle);
  });

  test.each(listRealFiles("stats_json/validation_scores"))("%s equals the pickle of the same run", (name) => {
    const pickle = parseValidationScores(readReal(`stats/validation_scores/${name.replace(/\.json$/, "")}`));
    expect(parseValidationScoresJson(readReal(`stats_json/validation_scores/${name}`))).toEqual(pickle);
  });
});

describe("JSON as Python writes it", () => {
  test("has bare NaN, as the attributes of a best array without a score do", () => {
    const value = parseJson(
      bytesOf('{"voi": NaN, "iteration": 5, "offset": [0, -1.5], "x": {"y": "z", "t": true, "n": null}} '),
    );
    expect(value).toEqual(
      Object.assign(Object.create(null), {
        voi: Number.NaN,
        iteration: 5,
        offset: [0, -1.5],
        x: expect.objectContaining({ y: "z", t: true, n: null }),
      }),
    );
  });

  test("keeps a key named __proto__ as a key", () => {
    const value = parseJson(bytesOf('{"__proto__": {"polluted": 1}} '));
    expect(Object.keys(value as object)).toEqual(["__proto__"]);
    expect(Object.getPrototypeOf(value)).toBeNull();
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });
});
