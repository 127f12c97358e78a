import { expect, test } from "vitest";
import { applySteps, channelsFirst, fitSteps } from "./value-steps.ts";

const close = (values: Iterable<number>) => [...values].map((value) => Math.round(value * 1e5) / 1e5);

test("steps know their channels, wherever those lie", () => {
  const first = Float32Array.of(1, 2, 3, 4);
  applySteps(first, [{ kind: "linear", gain: [1, 10], offset: [0, 1] }], channelsFirst(2, 4));
  expect([...first]).toEqual([1, 2, 31, 41]);
  const last = Float32Array.of(1, 2, 3, 4);
  applySteps(last, [{ kind: "linear", gain: [1, 10], offset: [0] }], { channels: 2, stride: 1 });
  expect([...last]).toEqual([1, 20, 3, 40]);
});

test("activations are those of the packages", () => {
  const values = Float32Array.of(0, 1, 0, 1);
  applySteps(values, [{ kind: "softmax" }], channelsFirst(2, 4));
  expect(close(values)).toEqual([0.5, 0.5, 0.5, 0.5]);
  applySteps(values, [{ kind: "linear", gain: [0], offset: [0] }, { kind: "sigmoid" }], channelsFirst(2, 4));
  expect([...values]).toEqual([0.5, 0.5, 0.5, 0.5]);
  applySteps(values, [{ kind: "binarize", threshold: [0.5, 0.4] }], channelsFirst(2, 4));
  expect([...values]).toEqual([0, 0, 1, 1]);
});

// numpy: x = [1, 2, 3, 4]; (x - x.mean()) / (x.std() + 1e-6); np.percentile(x, [10, 90]) = [1.3, 3.7]
test("means, deviations and percentiles are NumPy's", () => {
  const standardise = { kind: "standardise", perChannel: false, eps: 1e-6 } as const;
  const values = Float32Array.of(1, 2, 3, 4);
  applySteps(values, fitSteps([standardise], values.slice(), 1), channelsFirst(1, 4));
  expect(close(values)).toEqual([-1.34164, -0.44721, 0.44721, 1.34164]);
  const range = { kind: "range", perChannel: true, low: 10, high: 90, eps: 0 } as const;
  const other = Float32Array.of(1, 2, 3, 4, 10, 20, 30, 40);
  applySteps(other, fitSteps([range], other.slice(), 2), channelsFirst(2, 8));
  expect(close(other.subarray(0, 4))).toEqual(close([-0.3 / 2.4, 0.7 / 2.4, 1.7 / 2.4, 2.7 / 2.4]));
  expect(close(other.subarray(4))).toEqual(close(other.subarray(0, 4)));
});

test("each step sees what the one before it made", () => {
  const steps = [
    { kind: "clip", min: 0, max: 2 },
    { kind: "range", perChannel: false, low: 0, high: 100, eps: 0 },
  ] as const;
  const values = Float32Array.of(-5, 1, 2, 50);
  applySteps(values, fitSteps(steps, values.slice(), 1), channelsFirst(1, 4));
  expect([...values]).toEqual([0, 0.5, 1, 1]);
});
