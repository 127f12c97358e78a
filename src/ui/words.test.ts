import { describe, expect, it } from "vitest";
import { toAgo, toIn, toKindName, toScore, toShortNumber } from "./words.ts";

describe("numbers and times as the screen writes them", () => {
  it("gives scores four significant digits and DaCapo's NaN as such", () => {
    expect(
      [0.831234, 12.3, 0, Number.NaN, Number.POSITIVE_INFINITY, -0.25, 0.00001234, undefined].map(toScore),
    ).toEqual(["0.8312", "12.30", "0", "NaN", "∞", "−0.2500", "1.23e−5", "–"]);
  });

  it("drops zeros at the end of measures", () => {
    expect([9, 2.20489, -0.5].map(toShortNumber)).toEqual(["9", "2.205", "−0.5"]);
  });

  it("tells ages in one unit, and none for clocks that differ", () => {
    const now = 1_000_000_000;
    expect([-5, 3, 42, 180, 7200, 86_400, 400 * 86_400].map((seconds) => toAgo(now - seconds * 1000, now))).toEqual([
      "just now",
      "just now",
      "42 s ago",
      "3 min ago",
      "2 h ago",
      "1 day ago",
      "1 year ago",
    ]);
    expect(toIn(now + 7100, now)).toBe("in 8 s");
  });

  it("names tasks without the word Config", () => {
    expect(toKindName("AffinitiesTaskConfig")).toBe("AffinitiesTask");
  });
});
