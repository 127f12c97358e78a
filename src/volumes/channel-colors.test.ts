import { describe, expect, test } from "vitest";
import { areNearest, parseAffinityOffset, toDirectionColor, toDirectionName } from "./channel-colors.ts";

describe("affinity channels", () => {
  test("carry their offset in their name", () => {
    expect(parseAffinityOffset("aff_1.0.0")).toEqual([1, 0, 0]);
    expect(parseAffinityOffset("aff_0.-9")).toEqual([0, -9]);
    expect(parseAffinityOffset("lsd_0")).toBeUndefined();
    expect(parseAffinityOffset("aff_")).toBeUndefined();
  });

  test("are coloured by direction, last axis x, whichever way and however far", () => {
    const [z, y, x] = [
      [1, 0, 0],
      [0, 1, 0],
      [0, 0, 1],
    ].map(toDirectionColor);
    expect(new Set([z, y, x]).size).toBe(3);
    expect(toDirectionColor([0, -6, 0])).toBe(y);
    expect(toDirectionColor([0, 1])).toBe(x);
    expect([x, y, z, toDirectionColor([0, 2, 2])]).not.toContain(toDirectionColor([1, 1, 1]));
    expect(toDirectionColor([0, 0, 0])).toBe("#ffffff");
  });

  test("are named by direction and reach", () => {
    expect(
      [
        [1, 0, 0],
        [0, -1, 0],
        [0, 0, 5],
        [0, 1],
      ].map(toDirectionName),
    ).toEqual(["z", "y", "x 5", "x"]);
    expect(toDirectionName([1, 1, 0])).toBe("zy");
  });

  test("of long range wait until they are asked for", () => {
    const offsets = [[1, 0, 0], [0, 1, 0], [0, 0, 1], [0, 6, 0], [0, 0, 6], undefined];
    expect(areNearest(offsets)).toEqual([true, true, true, false, false, false]);
  });
});
