import { describe, expect, it } from "vitest";
import { toTrainingStats } from "#dacapo/training-stats.ts";
import type { ValidationScores } from "#dacapo/validation-scores.ts";
import { toLossCurve, toScoreCurve } from "./run-curves.ts";

const stats = toTrainingStats([
  { iteration: 0, loss: 4, time: 1800 },
  { iteration: 1, loss: 3, time: Number.NaN },
  { iteration: 2, loss: 2, time: 5400 },
]);

const scores: ValidationScores = {
  parameters: [
    { kind: "argmax", id: 0 },
    { kind: "argmax", id: 1 },
  ],
  datasets: ["a", "b"],
  evaluationScores: {
    kind: "instance",
    criteria: [
      { name: "voi", higherIsBetter: false, bounds: [0, 1], range: [0, 1], storeBest: true, meaningful: true },
    ],
  },
  scores: [
    {
      iteration: 2,
      scores: [
        [[3], [2]],
        [[Number.NaN], [5]],
      ],
    },
    {
      iteration: 1,
      scores: [
        [[Number.NaN], [Number.NaN]],
        [[Number.NaN], [Number.NaN]],
      ],
    },
  ],
};

describe("the curves of runs beside each other", () => {
  it("lay losses along iterations, or along the hours that their steps took", () => {
    expect(toLossCurve(stats, "iterations").xs).toEqual(Float64Array.of(0, 1, 2));
    expect(toLossCurve(stats, "hours").xs).toEqual(Float64Array.of(0.5, 0.5, 2));
  });

  it("take the best of datasets and parameters in the criterion's direction, by ascending iteration", () => {
    expect(toScoreCurve(scores, "voi", stats, "iterations")).toEqual({
      xs: Float64Array.of(1, 2),
      ys: Float64Array.of(Number.NaN, 2),
    });
  });

  it("place a validation where its last step ended", () => {
    expect(toScoreCurve(scores, "voi", stats, "hours").xs).toEqual(Float64Array.of(0.5, 0.5));
    expect(toScoreCurve(scores, "voi", undefined, "hours").xs.length).toBe(0);
  });

  it("are empty for a criterion that a run does not have", () => {
    expect(toScoreCurve(scores, "f1_score", stats, "iterations").xs.length).toBe(0);
  });
});
