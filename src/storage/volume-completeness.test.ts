import { describe, expect, it } from "vitest";
import { type IterationVolumes, markPassed } from "./volume-completeness.ts";

const underWay = (iteration: number): IterationVolumes => ({
  iteration,
  datasets: [
    { dataset: "a", folder: "ds_a", prediction: "whole", outputs: [{ parameters: "threshold_127", whole: false }] },
    { dataset: "b", folder: "ds_b", prediction: "partial", outputs: [] },
    { dataset: "c", folder: "ds_c", prediction: "absent", outputs: [] },
  ],
});

const isWhole = ({ datasets }: IterationVolumes) =>
  datasets.every(({ prediction, outputs }) => prediction !== "partial" && outputs.every(({ whole }) => whole));

describe("a validation without scores", () => {
  it("is over when a later one has begun", () => {
    const marked = markPassed([underWay(100), underWay(200)], { trainedUntil: 200, isSilent: false });
    expect(marked.map(isWhole)).toEqual([true, false]);
  });

  it("is not over because of volumes that are left over from before a rewind", () => {
    const marked = markPassed([underWay(100), underWay(200)], { trainedUntil: 100, isSilent: false });
    expect(marked.map(isWhole)).toEqual([false, false]);
  });

  it("is over when nothing has been written for long", () => {
    const marked = markPassed([underWay(100)], { trainedUntil: 100, isSilent: true });
    expect(marked.map(isWhole)).toEqual([true]);
  });

  it("keeps what is absent absent", () => {
    const [marked] = markPassed([underWay(100)], { trainedUntil: 100, isSilent: true });
    expect(marked?.datasets.map(({ prediction }) => prediction)).toEqual(["whole", "whole", "absent"]);
  });
});
