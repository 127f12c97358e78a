import { describe, expect, test } from "vitest";
import { toValueText } from "./value-text.ts";

describe("the value under the pointer", () => {
  test("ids are whole, floats have four figures, channels stand side by side", () => {
    expect(toValueText(2n ** 60n + 1n)).toBe("1152921504606846977");
    expect(toValueText(0.8352941274642944)).toBe("0.8353");
    expect(toValueText([0.5, 1, Number.NaN])).toBe("0.5, 1, NaN");
    expect(toValueText({ key: 3n, value: 7n, label: "x" })).toBe("7");
  });

  test("nothing is nothing", () => {
    expect(toValueText(undefined)).toBe("");
    expect(toValueText(null)).toBe("");
  });
});
