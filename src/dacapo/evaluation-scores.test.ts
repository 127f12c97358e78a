import { describe, expect, test } from "vitest";
import {
  binaryScores,
  criteriaPerChannel,
  criterionOf,
  dummyScores,
  instanceScores,
  instanceScoresWithAverageIou,
  multichannelBinaryScores,
  splitCriterionName,
  unknownScores,
} from "./evaluation-scores.ts";

describe("criteria", () => {
  test("of a binary evaluation are 21, f1_score at 20 and voi at 8 being those whose best is kept", () => {
    expect(criteriaPerChannel).toBe(21);
    const stored = binaryScores.criteria.flatMap((criterion, index) =>
      criterion.storeBest ? [[index, criterion.name]] : [],
    );
    expect(stored).toEqual([
      [8, "voi"],
      [20, "f1_score"],
    ]);
  });

  test("higher is better for overlaps, precision, recall and their means only", () => {
    const higher = binaryScores.criteria
      .filter((criterion) => criterion.higherIsBetter)
      .map((criterion) => criterion.name);
    expect(higher).toEqual([
      "dice",
      "jaccard",
      "precision_with_tolerance",
      "recall_with_tolerance",
      "f1_score_with_tolerance",
      "precision",
      "recall",
      "f1_score",
    ]);
  });

  test("bounds are those DaCapo declares, and NaN for distances that have no upper one", () => {
    for (const { name, bounds } of binaryScores.criteria) {
      const open = name.includes("distance") || name === "hausdorff";
      expect(bounds).toEqual(open ? [0, Number.NaN] : [0, 1]);
    }
  });

  test("voi says that it really has no upper bound", () => {
    for (const { bounds, range } of instanceScores.criteria) {
      expect(bounds).toEqual([0, 1]);
      expect(range).toEqual([0, Number.NaN]);
    }
  });

  test("of several channels have the channel outside", () => {
    const names = multichannelBinaryScores(["membrane", "mito"]).criteria.map((criterion) => criterion.name);
    expect(names).toHaveLength(42);
    expect([names[0], names[20], names[21], names[41]]).toEqual([
      "membrane__dice",
      "membrane__f1_score",
      "mito__dice",
      "mito__f1_score",
    ]);
  });

  test("release 0.2.2 appends avg_iou, of which higher is better", () => {
    expect(instanceScoresWithAverageIou.criteria.map(({ name, higherIsBetter }) => [name, higherIsBetter])).toEqual([
      ["voi_split", false],
      ["voi_merge", false],
      ["voi", false],
      ["avg_iou", true],
    ]);
  });

  test("that are random numbers are not meaningful", () => {
    expect(
      dummyScores.criteria.map(({ name, higherIsBetter, meaningful }) => [name, higherIsBetter, meaningful]),
    ).toEqual([
      ["frizz_level", true, false],
      ["blipp_score", false, false],
    ]);
  });

  test("are split at the last double underscore, since a channel may contain one", () => {
    expect(splitCriterionName("my__channel__dice")).toEqual({ channel: "my__channel", base: "dice" });
    expect(splitCriterionName("voi")).toEqual({ channel: undefined, base: "voi" });
  });

  test("are known by name with any channel in front, keeping the name asked for", () => {
    expect(criterionOf(instanceScores, "0__hausdorff")).toMatchObject({ name: "0__hausdorff", higherIsBetter: false });
    expect(criterionOf(instanceScores, "beauty")).toBeUndefined();
    expect(criterionOf(unknownScores(2), "criterion 1")).toMatchObject({ meaningful: false });
  });

  test("of which the meaning depends on SimpleITK say so", () => {
    const noted = binaryScores.criteria
      .filter((criterion) => criterion.note?.includes("SimpleITK"))
      .map((criterion) => criterion.name);
    expect(noted).toEqual(["hausdorff", "false_positive_rate", "false_discovery_rate", "precision", "f1_score"]);
  });
});
