import { expect, it } from "vitest";
import { toThresholded } from "./threshold.ts";

it("is strictly greater than the threshold, as DaCapo's", () => {
  expect([...toThresholded(Float32Array.of(-1, 0, 1e-7, Number.NaN), 0)]).toEqual([0, 0, 1, 0]);
  expect([...toThresholded(Uint8Array.of(0, 127, 128, 255), 127)]).toEqual([0, 0, 1, 1]);
});

it("of 127 leaves a prediction of float32 values empty", () => {
  expect(
    toThresholded(
      Float32Array.from({ length: 64 }, (_, i) => Math.tanh(i - 32)),
      127,
    ),
  ).toEqual(new Uint8Array(64));
});
