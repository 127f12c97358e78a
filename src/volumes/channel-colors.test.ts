import { describe, expect, test } from "vitest";
import { areNearest, parseAffinityOffset, toDirectionColor } from "./channel-colors.ts";

describe("affinity channels", () => {
  test("carry their offset in their name", () => {
    expect(parseAffinityOffset("aff_1.0.0")).toEqual([1, 0, 0]);
    expect(parseAffinityOffset("aff_0.-9")).toEqual([0, -9]);
    expect(parseAffinityOffset("lsd_0")).toBeUndefined();
    expect(parseAffinityOffset("aff_")).toBeUndefined();
  });

  test("are coloured by direction, last axis x", () => {
    expect(toDirectionColor([1, 0, 0])).toBe("#0000ff");
    expect(toDirectionColor([0, -6, 0])).toBe("#00ff00");
    expect(toDirectionColor([0, 0, 6])).toBe("#ff0000");
    expect(toDirectionColor([0, 1])).toBe("#ff0000");
    expect(toDirectionColor([0, 2, 2])).toBe("#ffff00");
  });

  test("of long range wait until they are asked for", () => {
    const offsets = [[1, 0, 0], [0, 1, 0], [0, 0, 1], [0, 6, 0], [0, 0, 6], undefined];
    expect(areNearest(offsets)).toEqual([true, true, true, false, false, false]);
  });
});
