import { expect, test } from "vitest";
import { instanceScores } from "#dacapo/evaluation-scores.ts";
import { watershedParameters } from "#dacapo/post-processor-parameters.ts";
import type { ValidationScores } from "#dacapo/validation-scores.ts";
import { toScoresCsv, toTrainingCsv } from "./csv.ts";
import { toLegend, toLineStyle } from "./line-styles.ts";
import { coincidingLines, isHigherBetter, toScoreLines, valueRange } from "./score-lines.ts";
import { nearestScore, placeOf, spreadLabels, stepFrom } from "./score-places.ts";
import { wholeOfScores } from "./score-summary.ts";

const parameters = [watershedParameters(0, 0.1), watershedParameters(1, 0.5)];
const scores: ValidationScores = {
  parameters,
  datasets: ["crop_a", "crop_b"],
  evaluationScores: instanceScores,
  scores: [
    {
      iteration: 400,
      scores: [
        [
          [0, 0, 1.5],
          [0, 0, 1],
        ],
        [
          [0, 0, 3],
          [0, 0, Number.NaN],
        ],
      ],
    },
    {
      iteration: 200,
      scores: [
        [
          [0, 0, 2],
          [0, 0, 2.5],
        ],
        [[0, 0, 4]],
      ],
    },
  ],
};
const all = { criterion: "voi", dataset: "all", parameters: "all" };

test("a line for each dataset and parameters, by ascending iteration, missing scores as NaN", () => {
  const lines = toScoreLines(scores, all);
  expect(lines.map((line) => line.label)).toEqual([
    "crop_a · bias 0.1",
    "crop_a · bias 0.5",
    "crop_b · bias 0.1",
    "crop_b · bias 0.5",
  ]);
  expect(lines.map((line) => line.values)).toEqual([
    [2, 1.5],
    [2.5, 1],
    [4, 3],
    [Number.NaN, Number.NaN],
  ]);
  expect(lines[0]?.iterations).toEqual([200, 400]);
  expect(valueRange(lines, 0, 1000)).toEqual([1, 4]);
  expect(isHigherBetter(scores, "voi")).toBe(false);
});

test("one dataset is named by its parameters alone", () => {
  const lines = toScoreLines(scores, { ...all, dataset: "crop_b" });
  expect(lines.map((line) => line.label)).toEqual(["bias 0.1", "bias 0.5"]);
});

test("parameters that make no difference are told, as their lines hide each other", () => {
  const [first] = toScoreLines(scores, all);
  const twins = first === undefined ? [] : [first, { ...first, label: "twin" }, { ...first, values: [2, 9] }];
  expect(coincidingLines(twins).map((group) => group.map((line) => line.label))).toEqual([
    ["crop_a · bias 0.1", "twin"],
  ]);
});

test("an unknown criterion has no lines", () => {
  expect(toScoreLines(scores, { ...all, criterion: "f1_score" })).toEqual([]);
});

test("no two lines look alike, and a line keeps its look when others are hidden", () => {
  const lines = toScoreLines(scores, all);
  const looks = lines.map((line) => JSON.stringify(toLineStyle(line, lines)));
  expect(new Set(looks).size).toBe(4);
  const fewer = lines.filter((line) => line.parametersIndex === 1);
  expect(fewer.map((line) => toLineStyle(line, fewer).dash)).toEqual(
    lines.filter((line) => line.parametersIndex === 1).map((line) => toLineStyle(line, lines).dash),
  );
});

test("the legend says parameters and datasets once each", () => {
  expect(toLegend(toScoreLines(scores, all)).map((entry) => entry.label)).toEqual([
    "bias 0.1",
    "bias 0.5",
    "crop_a",
    "crop_b",
  ]);
});

const surface = { x: (v: number) => v, y: (v: number) => 100 - v * 10, top: 0, bottom: 100 };

test("finds the score under the pointer, also a NaN, which stands at the edge", () => {
  const lines = toScoreLines(scores, all);
  expect(nearestScore(lines, surface, { x: 398, y: 84 }, 20)).toMatchObject({ line: 0, index: 1 });
  expect(nearestScore(lines, surface, { x: 200, y: 95 }, 20)).toMatchObject({ line: 3, index: 0 });
  expect(nearestScore(lines, surface, { x: 300, y: 50 }, 20)).toBeUndefined();
  expect(placeOf(lines, 3, 0, surface)?.y).toBeGreaterThan(90);
});

test("keys walk along a line, and up and down between the lines of an iteration", () => {
  const lines = toScoreLines(scores, all);
  expect(stepFrom(lines, { line: 0, index: 0 }, "next")).toEqual({ line: 0, index: 1 });
  expect(stepFrom(lines, { line: 0, index: 1 }, "next")).toEqual({ line: 0, index: 1 });
  expect(stepFrom(lines, { line: 0, index: 0 }, "above")).toEqual({ line: 1, index: 0 });
  expect(stepFrom(lines, { line: 0, index: 0 }, "below")).toEqual({ line: 3, index: 0 });
  expect(stepFrom(lines, { line: 2, index: 0 }, "above")).toEqual({ line: 2, index: 0 });
});

test("labels do not cover each other, or are left out", () => {
  const wanted = [50, 51, 52, 99].map((y, line) => ({ line, y }));
  const ys = spreadLabels(wanted, 0, 100, 12)?.map((label) => label.y) ?? [];
  for (let i = 1; i < ys.length; i++) expect((ys[i] ?? 0) - (ys[i - 1] ?? 0)).toBeGreaterThanOrEqual(12);
  expect(Math.max(...ys)).toBeLessThanOrEqual(94);
  expect(spreadLabels(wanted, 0, 40, 12)).toBeUndefined();
});

test("the scores start at 0 like the losses, unless that would leave most of the chart empty", () => {
  const lines = toScoreLines(scores, all);
  expect(wholeOfScores(lines, [])[0]).toBe(0);
  const late = lines.map((line) => ({ ...line, iterations: [100_200, 100_400] }));
  expect(wholeOfScores(late, [])[0]).toBeGreaterThan(100_000);
  expect(wholeOfScores([], [200])).toEqual([0, 400]);
});

test("exported scores have a row for each iteration, dataset and parameters in file order", () => {
  const rows = toScoresCsv({ ...scores, datasets: ["=HYPERLINK(1)", 'say "hi"'] })
    .join("")
    .split("\r\n");
  expect(rows[0]).toBe("iteration,dataset,parameters,voi_split,voi_merge,voi");
  expect(rows[1]).toBe(
    `400,'=HYPERLINK(1),"WatershedPostProcessorParameters(id=0, bias=0.1, context=(32, 32, 32))",0,0,1.5`,
  );
  expect(rows[3]).toContain('"say ""hi"""');
  expect(rows[8]).toContain("NaN,NaN,NaN");
});

test("exported losses are the stored numbers, all digits of them", () => {
  const stats = {
    iterations: Float64Array.of(0, 1),
    losses: Float64Array.of(0.1 + 0.2, Number.NaN),
    times: Float64Array.of(1, 2),
  };
  expect(toTrainingCsv(stats).join("")).toBe("iteration,loss,time_seconds\r\n0,0.30000000000000004,1\r\n1,NaN,2\r\n");
});
