import { describe, expect, it } from "vitest";
import { toArgmax } from "./argmax.ts";

describe("argmax", () => {
  it("is the channel of the largest value, the first of equal ones, whatever the sign", () => {
    expect(toArgmax(Float32Array.of(1, -3, 0, 2, -2, 0, 2, -5, 0), 3)).toEqual(Uint8Array.of(1, 1, 0));
  });

  it("wraps above 255 classes, as DaCapo's uint8 does", () => {
    const prediction = new Float32Array(300);
    prediction[259] = 1;
    expect(toArgmax(prediction, 300)).toEqual(Uint8Array.of(3));
  });

  it("takes the first NaN for the largest, as NumPy does", () => {
    expect(toArgmax(Float32Array.of(5, Number.NaN, Number.NaN), 3)).toEqual(Uint8Array.of(1));
  });
});
