import { describe, expect, it } from "vitest";
import { instanceScores } from "#dacapo/evaluation-scores.ts";
import {
  type PostProcessorParameters,
  thresholdParameters,
  watershedParameters,
} from "#dacapo/post-processor-parameters.ts";
import { toWindow } from "../parts/row-window.ts";
import { toColumns, toScoreRows } from "./score-rows.ts";

function scoresWith(
  parameters: readonly PostProcessorParameters[],
  voi: readonly (readonly [number, readonly number[]])[],
) {
  const scores = voi.map(([iteration, values]) => ({ iteration, scores: [values.map((value) => [0, 0, value])] }));
  return { parameters, datasets: ["crop_a"], evaluationScores: instanceScores, scores };
}

const biases = [watershedParameters(0, 0.1), watershedParameters(1, 0.5)];

describe("the table of scores", () => {
  it("has the newest iteration first and marks the lowest VOI of each", () => {
    const rows = toScoreRows(
      scoresWith(biases, [
        [200, [3, 2]],
        [400, [1, Number.NaN]],
      ]),
      "crop_a",
      "voi",
    );
    expect(rows).toEqual([
      { iteration: 400, scores: [1, Number.NaN], best: 0 },
      { iteration: 200, scores: [3, 2], best: 1 },
    ]);
  });

  it("shows the last scores of a validation that was repeated", () => {
    const rows = toScoreRows(
      scoresWith(biases, [
        [200, [3, 2]],
        [200, [5, 6]],
      ]),
      "crop_a",
      "voi",
    );
    expect(rows).toEqual([{ iteration: 200, scores: [5, 6], best: 0 }]);
  });

  it("has no best where all scores are NaN", () => {
    const [row] = toScoreRows(scoresWith(biases, [[200, [Number.NaN, Number.NaN]]]), "crop_a", "voi");
    expect(row?.best).toBe(-1);
  });

  it("says what the parameters have in common once", () => {
    expect(toColumns(scoresWith(biases, []))).toMatchObject({
      word: "bias",
      columns: [{ label: "0.1" }, { label: "0.5" }],
    });
    const mixed = [...biases, thresholdParameters(0, "127")];
    expect(toColumns(scoresWith(mixed, []))).toMatchObject({
      word: undefined,
      columns: [{ label: "bias 0.1" }, {}, {}],
    });
  });

  it("draws only the rows in sight, and leaves room for the others", () => {
    const { first, end, before, after } = toWindow(2000, 26, 26_000, 260);
    expect(end - first).toBeLessThan(40);
    expect(before + (end - first) * 26 + after).toBe(2000 * 26);
    expect(toWindow(0, 26, 500, 260)).toEqual({ first: 0, end: 0, before: 0, after: 0 });
  });
});
