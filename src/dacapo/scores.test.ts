import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { allBest, bestScore, defaultCriterion, meanBest } from "./best.ts";
import {
  binaryScores,
  dummyScores,
  instanceScores,
  multichannelBinaryScores,
  unknownScores,
} from "./evaluation-scores.ts";
import { watershedParameters } from "./post-processor-parameters.ts";
import { getBest, select, toArray } from "./scores-array.ts";
import {
  addIterationScores,
  compare,
  criteria,
  deleteAfter,
  subscores,
  type ValidationIterationScores,
  type ValidationScores,
  validatedUntil,
} from "./validation-scores.ts";

const parameters = [watershedParameters(0, 0.1), watershedParameters(1, 0.5)];
const names = [
  "WatershedPostProcessorParameters(id=0, bias=0.1, context=(32, 32, 32))",
  "WatershedPostProcessorParameters(id=1, bias=0.5, context=(32, 32, 32))",
];

function instance(entries: readonly ValidationIterationScores[], datasets = ["a"]): ValidationScores {
  return { parameters, datasets, evaluationScores: instanceScores, scores: entries };
}

/** One dataset, two parameters, the same number for the three instance criteria. */
const entry = (iteration: number, first: number, second: number): ValidationIterationScores => ({
  iteration,
  scores: [[Array(3).fill(first), Array(3).fill(second)]],
});

describe("validation scores", () => {
  const scores = instance([entry(100, 1, 2), entry(200, 3, 4), entry(300, 5, 6)]);

  test("are validated until the largest iteration plus one, and until 0 when there are none", () => {
    expect(validatedUntil(scores)).toBe(301);
    expect(validatedUntil(subscores(scores, []))).toBe(0);
    expect(validatedUntil(instance([entry(300, 1, 1), entry(100, 1, 1)]))).toBe(301);
  });

  test("deleted after an iteration keep those strictly below it", () => {
    expect(deleteAfter(scores, 200).scores.map((each) => each.iteration)).toEqual([100]);
  });

  test("accept an iteration twice, as DaCapo does", () => {
    expect(addIterationScores(scores, entry(300, 7, 8)).scores.map((each) => each.iteration)).toEqual([
      100, 200, 300, 300,
    ]);
  });

  test("compared with what is stored say whether it reaches further", () => {
    expect(compare(scores, [])).toEqual({ dropExisting: false, from: 0 });
    expect(compare(scores, [entry(200, 1, 1)])).toEqual({ dropExisting: false, from: 201 });
    expect(compare(scores, [entry(400, 1, 1)])).toEqual({ dropExisting: true, from: 0 });
  });

  test("have the criteria of their evaluation in stored order", () => {
    expect(criteria(scores)).toEqual(["voi_split", "voi_merge", "voi"]);
  });
});

describe("scores as an array", () => {
  test("have four named dimensions in C order", () => {
    const array = toArray(instance([entry(100, 1, 2), entry(200, 3, 4)]));
    expect(array.dims).toEqual(["iterations", "datasets", "parameters", "criteria"]);
    expect(array.shape).toEqual([2, 1, 2, 3]);
    expect(array.coords).toEqual({
      iterations: [100, 200],
      datasets: ["a"],
      parameters: names,
      criteria: ["voi_split", "voi_merge", "voi"],
    });
    expect([...array.data]).toEqual([1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4]);
  });

  test("fill what a failed evaluation left out with NaN", () => {
    const array = toArray(instance([{ iteration: 100, scores: [[]] }]));
    expect([...array.data]).toEqual(Array(6).fill(Number.NaN));
  });

  test("selecting one coordinate drops its dimension and keeps its name", () => {
    const array = toArray(instance([entry(100, 1, 2), entry(200, 3, 4)]));
    const second = select(array, "parameters", names[1] ?? "");
    expect(second).toMatchObject({ dims: ["iterations", "datasets", "criteria"], shape: [2, 1, 3] });
    expect([...(second?.data ?? [])]).toEqual([2, 2, 2, 4, 4, 4]);
    expect(second?.coords.parameters).toEqual([names[1]]);
    expect(select(array, "iterations", 150)).toBeUndefined();
  });

  test("take the best of each criterion in its own direction, where DaCapo applies the first one's to all", () => {
    const voi = binaryScores.criteria.findIndex((criterion) => criterion.name === "voi");
    const row = (value: number) => binaryScores.criteria.map(() => value);
    const scores = { ...instance([]), parameters: parameters.slice(0, 1), evaluationScores: binaryScores };
    const array = toArray({
      ...scores,
      scores: [10, 20].map((iteration) => ({ iteration, scores: [[row(iteration / 100)]] })),
    });
    const best = getBest(array, "iterations");
    expect(best?.coordinates[0]).toBe(20);
    expect(best?.coordinates[voi]).toBe(10);
    expect(best?.best.dims).toEqual(["datasets", "parameters", "criteria"]);
  });

  test("after selecting a criterion still know its direction", () => {
    const array = select(toArray(instance([entry(100, 1, 2), entry(200, 3, 4)])), "criteria", "voi");
    const best = array && getBest(array, "iterations");
    expect(best?.coordinates).toEqual([100, 100]);
    expect([...(best?.best.data ?? [])]).toEqual([1, 2]);
  });

  test("along any dimension skip NaN, give -1 where all are NaN, and the first of a tie", () => {
    const array = toArray(instance([entry(100, Number.NaN, 2), entry(200, Number.NaN, 2)]));
    const overIterations = getBest(array, "iterations");
    expect([...(overIterations?.positions ?? [])]).toEqual([-1, -1, -1, 0, 0, 0]);
    expect(overIterations?.coordinates[0]).toBeUndefined();
    expect([...(getBest(array, "parameters")?.positions ?? [])]).toEqual([1, 1, 1, 1, 1, 1]);
    expect([...(getBest(array, "datasets")?.positions ?? [])]).toHaveLength(12);
    const once = overIterations && getBest(overIterations.best, "iterations");
    expect(once).toBeUndefined();
  });

  test("the best along a dimension is the extreme of every line along it", () => {
    const value = fc.oneof(fc.double({ noNaN: true }), fc.constant(Number.NaN));
    const entries = fc.array(fc.tuple(value, value), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(entries, (pairs) => {
        const scores = instance(pairs.map(([first, second], index) => entry(index, first, second)));
        const best = getBest(toArray(scores), "iterations");
        for (const parameter of [0, 1] as const) {
          const line = pairs.map((pair) => pair[parameter]).filter((number) => !Number.isNaN(number));
          const lowest = line.length === 0 ? Number.NaN : Math.min(...line);
          expect(Math.abs(best?.best.data[parameter * 3] ?? 0)).toBe(Math.abs(lowest));
        }
      }),
    );
  });
});

describe("best", () => {
  test("prefers the lower VOI because lower is better", () => {
    const best = bestScore(instance([entry(100, 2, 3), entry(200, 1.5, 4)]), "a", "voi");
    expect(best).toEqual({ dataset: "a", criterion: "voi", iteration: 200, parameters: names[0], score: 1.5 });
  });

  test("never prefers NaN and is absent when there is nothing else", () => {
    expect(bestScore(instance([entry(100, Number.NaN, 3)]), "a", "voi")?.score).toBe(3);
    expect(bestScore(instance([entry(100, Number.NaN, Number.NaN)]), "a", "voi")).toBeUndefined();
    expect(bestScore(instance([]), "a", "voi")).toBeUndefined();
  });

  test("gives a tie to the earliest iteration, whatever the order in the file, then to the first parameters", () => {
    const best = bestScore(instance([entry(200, 1, 1), entry(100, 2, 1), entry(300, 1, 1)]), "a", "voi");
    expect(best).toMatchObject({ iteration: 100, parameters: names[1] });
    expect(bestScore(instance([entry(100, 1, 1)]), "a", "voi")).toMatchObject({ parameters: names[0] });
  });

  test("knows no best for a dataset or a criterion that is not there", () => {
    const scores = instance([entry(100, 1, 1)]);
    expect(bestScore(scores, "b", "voi")).toBeUndefined();
    expect(bestScore(scores, "a", "dice")).toBeUndefined();
  });

  test("of all is one for each dataset and criterion in axis order", () => {
    const both = instance([{ iteration: 1, scores: [[[1, 2, 3]], [[4, 5, 6]]] }], ["a", "b"]);
    const found = allBest(both).map(({ dataset, criterion, score }) => [dataset, criterion, score]);
    expect(found).toEqual([
      ["a", "voi_split", 1],
      ["a", "voi_merge", 2],
      ["a", "voi", 3],
      ["b", "voi_split", 4],
      ["b", "voi_merge", 5],
      ["b", "voi", 6],
    ]);
  });

  test("of the mean is taken over the datasets that have a score", () => {
    const row = (voi: number) => [0, 0, voi];
    const first = {
      iteration: 1,
      scores: [
        [row(4), row(Number.NaN)],
        [row(2), row(2.5)],
      ],
    };
    const both = instance([first, { iteration: 2, scores: [[row(9)], [row(9)]] }], ["a", "b"]);
    expect(meanBest(both, "voi")).toEqual({ criterion: "voi", iteration: 1, parameters: names[1], score: 2.5 });
  });

  test("starts from f1 for binary tasks and from voi for instances", () => {
    expect(defaultCriterion(multichannelBinaryScores(["mito", "er"]))).toBe("mito__f1_score");
    expect(defaultCriterion(binaryScores)).toBe("f1_score");
    expect(defaultCriterion(instanceScores)).toBe("voi");
    expect(defaultCriterion(dummyScores)).toBe("frizz_level");
    expect(defaultCriterion(unknownScores(0))).toBeUndefined();
  });
});
