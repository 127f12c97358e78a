import { expect, it } from "vitest";
import { toEightBit, toThresholded } from "./threshold.ts";

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

it("in 8 bits is what NumPy makes of the steps of releases 0.2.1 to 0.3.0 [ran]", () => {
  const values = [
    -1.2, -1, -0.999, -0.21, -0.2, -0.004, -0.0039, -0.00392, 0, 0.0038, 0.003921569, 0.0039216, 0.004, 0.5, 0.99999994,
    1, 3,
  ];
  const signed = [0, 0, 0, 100, 102, 126, 127, 127, 127, 127, 128, 128, 128, 191, 255, 255, 255];
  const sigmoid = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 127, 254, 255, 255];
  expect([...toEightBit(Float32Array.from(values), false)]).toEqual(signed);
  expect([...toEightBit(Float32Array.from(values), true)]).toEqual(sigmoid);
});
