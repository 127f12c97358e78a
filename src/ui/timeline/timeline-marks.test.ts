import { describe, expect, it } from "vitest";
import { allBest } from "#dacapo/best.ts";
import { instanceScores } from "#dacapo/evaluation-scores.ts";
import { watershedParameters } from "#dacapo/post-processor-parameters.ts";
import type { RunState } from "#state/app-state.ts";
import { mergeMarks, toMarkPaths } from "./mark-paths.ts";
import { toMarkText } from "./mark-text.ts";
import { nearestMark, toAxis, toLabels, toMarks, toTicks } from "./timeline-marks.ts";

const [low, high] = [watershedParameters(0, 0.1), watershedParameters(1, 0.5)];

/** voi of one dataset by iteration and parameters; voi_split and voi_merge as the same number. */
function runWith(voi: Readonly<Record<number, readonly [number, number]>>, more: Partial<RunState> = {}): RunState {
  const entries = Object.entries(voi).map(([iteration, values]) => ({
    iteration: Number(iteration),
    scores: [values.map((value) => [value, value, value])],
  }));
  const scores = { parameters: [low, high], datasets: ["crop_a"], evaluationScores: instanceScores, scores: entries };
  const value = { scores, datasetOrder: "single" as const, notes: [], scoreNotes: [], best: allBest(scores) };
  return {
    id: "run",
    url: "run",
    address: "run",
    generation: 0,
    name: "run",
    status: "ready",
    config: { status: "absent" },
    training: { status: "absent" },
    scores: { status: "ready", value, at: 0 },
    datasets: ["crop_a"],
    volumes: [],
    inputs: [],
    storedBest: [],
    checkpoints: [],
    hasSnapshots: false,
    isListed: true,
    unreadable: [],
    phase: "unknown",
    freshness: { failures: 0 },
    events: [],
    ...more,
  };
}

function volumesAt(iteration: number, prediction: "partial" | "whole"): RunState["volumes"][number] {
  return { iteration, datasets: [{ dataset: "crop_a", folder: "crop_a", prediction, outputs: [] }] };
}

const marksOf = (count: number) => Array.from({ length: count }, (_, i) => i + 1);

const voi = { dataset: "crop_a", criterion: "voi" };

describe("the marks of the timeline", () => {
  it("are tallest where VOI is lowest, because lower is better", () => {
    const marks = toMarks(runWith({ 200: [3, 4], 400: [1, 2], 600: [2, 3] }), voi);
    expect(marks.map(({ quality }) => quality)).toEqual([0, 1, 0.5]);
    expect(marks.map(({ best }) => best)).toEqual([false, true, false]);
  });

  it("take the best parameters of each iteration unless some are chosen", () => {
    const run = runWith({ 200: [3, 2], 400: [1, 2] });
    expect(toMarks(run, voi).map(({ score }) => score)).toEqual([2, 1]);
    const chosen = toMarks(run, { ...voi, parameters: toMarks(run, voi)[1]?.parameters ?? "" });
    expect(chosen.map(({ score }) => score)).toEqual([3, 1]);
  });

  it("keep NaN scores as marks that compare with nothing", () => {
    const [mark] = toMarks(runWith({ 200: [Number.NaN, Number.NaN], 400: [1, 1] }), voi);
    expect(mark).toMatchObject({ score: Number.NaN, selectable: true });
    expect(mark).not.toHaveProperty("quality");
  });

  it("tell checkpoints, volumes without scores and volumes being written apart", () => {
    const run = runWith(
      { 200: [1, 1] },
      { volumes: [volumesAt(400, "whole"), volumesAt(600, "partial")], checkpoints: [500] },
    );
    const marks = toMarks(run, voi);
    expect(marks.map((mark) => toMarkText(mark, "voi"))).toEqual([
      "iteration 200, voi 1.000 with bias 0.1, best, no volumes on disk for this dataset",
      "iteration 400, volumes without scores",
      "iteration 500, checkpoint, not validated",
      "iteration 600, volumes still being written",
    ]);
  });

  it("call nothing absent that is still being looked for", () => {
    const run = runWith({ 200: [1, 1], 400: [2, 2] }, { volumes: [volumesAt(400, "whole")], status: "loading" });
    expect(toMarks(run, voi).map((mark) => toMarkText(mark, "voi"))).toEqual([
      "iteration 200, voi 1.000 with bias 0.1, best, its volumes are being looked for",
      "iteration 400, voi 2.000 with bias 0.1",
    ]);
  });

  it("are no more than can be told apart, however many they are, and the best is among them", () => {
    const score = (i: number): readonly [number, number] => [i === 777 ? 0.1 : 2 - i / 2000, 3];
    const scores = Object.fromEntries(Array.from({ length: 2000 }, (_, i) => [i + 1, score(i + 1)]));
    const marks = toMarks(runWith(scores, { checkpoints: marksOf(2000).map((n) => n + 2000) }), voi);
    const axis = toAxis(marks, 0, 800, 20);
    const paths = toMarkPaths(marks, axis, 1);
    expect(paths.scoredOnly.match(/M/g)?.length).toBeLessThanOrEqual(190); // half of 760 pixels, two for each
    expect(paths.checkpoints.match(/M/g)?.length).toBeLessThanOrEqual(64);
    const { scoredOnly } = mergeMarks(marks, axis);
    expect(scoredOnly.map(({ mark }) => mark.iteration)).toContain(777);
    const gaps = scoredOnly.slice(1).map(({ x }, index) => x - (scoredOnly[index]?.x ?? 0));
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(2);
    for (const { mark, x } of scoredOnly) expect(Math.abs(axis.toX(mark.iteration) - x)).toBeLessThan(2);
  });

  it("stand where their iterations are while there is room for each", () => {
    const marks = toMarks(runWith({ 200: [3, 4], 400: [1, 2], 600: [2, 3] }), voi);
    const axis = toAxis(marks, 0, 800, 20);
    const { scoredOnly } = mergeMarks(marks, axis);
    expect(scoredOnly.map(({ mark, x }) => [mark.iteration, x])).toEqual(
      [200, 400, 600].map((iteration) => [iteration, axis.toX(iteration)]),
    );
  });
});

describe("the axis of the timeline", () => {
  const marks = toMarks(runWith({ 200: [1, 1], 400: [1, 1], 1000: [1, 1] }), voi);
  const axis = toAxis(marks, 1400, 840, 20);

  it("reaches from the first mark to where the training is", () => {
    expect([axis.toX(200), axis.toX(1400)]).toEqual([20, 820]);
  });

  it("finds the mark nearest to the pointer", () => {
    expect(nearestMark(marks, axis, 300)?.iteration).toBe(400);
    expect(nearestMark(marks, axis, 9999)?.iteration).toBe(1000);
    expect(nearestMark([], axis, 0)).toBeUndefined();
  });

  it("writes the iterations themselves where there is room, round ones otherwise", () => {
    expect(toLabels(marks, axis, 840)).toEqual([200, 400, 1000]);
    expect(toLabels(marks, toAxis(marks, 1400, 200, 20), 200)).toEqual([1000]);
    expect(toLabels(marks, toAxis(marks, 1400, 160, 20), 160)).toEqual([200]);
  });

  it("has no tick outside of itself", () => {
    for (const width of [100, 320, 900]) {
      const ticks = toTicks(toAxis(marks, 5300, width, 20), width, 90);
      expect(ticks.every((tick) => tick >= 200 && tick <= 5300)).toBe(true);
    }
  });
});
