import { describe, expect, test } from "vitest";
import { parseSegmentIds } from "./segment-ids.ts";

describe("segment ids as people type them", () => {
  test("one, or several with commas, spaces or lines between", () => {
    expect(parseSegmentIds(" 17 ")).toEqual({ ids: [17n] });
    expect(parseSegmentIds("3, 4;5\n6")).toEqual({ ids: [3n, 4n, 5n, 6n] });
  });

  test("an id above 2^53 keeps every digit", () => {
    expect(parseSegmentIds("18446744073709551615")).toEqual({ ids: [18446744073709551615n] });
  });

  test.each(["12x", "-3", "1.5", "0x10", "18446744073709551616", "999999999999999999999"])(
    "%s is named as no id",
    (text) => {
      expect(parseSegmentIds(`7 ${text}`)).toEqual({ problem: expect.stringContaining(text) });
    },
  );

  test("the background is no segment, and nothing is no id", () => {
    expect(parseSegmentIds("0")).toEqual({ problem: expect.stringContaining("background") });
    expect(parseSegmentIds(" , ")).toEqual({ problem: expect.stringContaining("Give an id") });
  });

  test("what is quoted stays short", () => {
    const typed = parseSegmentIds("x".repeat(10_000));
    expect("problem" in typed && typed.problem.length).toBeLessThan(120);
  });
});
