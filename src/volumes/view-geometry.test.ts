import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Box } from "./coordinate-space.ts";
import {
  toCenter,
  toFittingScale,
  toPanelSize,
  toProjectionScale,
  toUnion,
  toViewPosition,
  toViewUnit,
  toVisibleBox,
  toVoxels,
} from "./view-geometry.ts";

const space = { names: ["x", "y", "z"], scales: [9e-9, 9e-9, 45e-9], units: ["m", "m", "m"] };

const box = (entries: Record<string, [number, number, number]>): Box =>
  new Map(Object.entries(entries).map(([name, [begin, end, voxel]]) => [name, { begin, end, voxel }]));

describe("positions", () => {
  test("are z, y, x in nm", () => {
    expect(toViewPosition([100.5, 10, 2], space)).toEqual([90, 90, 904.5]);
    expect(toViewUnit(space)).toEqual({ unit: "nm", factor: 1e-9 });
  });

  test("of flat data have 0 for z", () => {
    expect(toViewPosition([1, 2], { names: ["x", "y"], scales: [1e-9, 1e-9], units: ["m", "m"] })).toEqual([0, 2, 1]);
  });

  test("in nm and in voxels invert", () => {
    const coordinate = fc.integer({ min: -100_000, max: 100_000 });
    fc.assert(
      fc.property(coordinate, coordinate, coordinate, (x, y, z) => {
        const world = new Map([
          ["x", x * 1e-9],
          ["y", y * 1e-9],
          ["z", z * 1e-9],
        ]);
        const [backZ, backY, backX] = toViewPosition(toVoxels(world, [0, 0, 0], space), space);
        expect(backX).toBeCloseTo(x, 0);
        expect(backY).toBeCloseTo(y, 0);
        expect(backZ).toBeCloseTo(z, 0);
      }),
    );
  });

  test("an axis that is not named keeps its place", () => {
    expect([...toVoxels(new Map([["x", 90e-9]]), [1, 2, 3], space)]).toEqual([10, 2, 3]);
  });
});

describe("framing", () => {
  const crop = box({ z: [585e-9, 900e-9, 45e-9], y: [540e-9, 1620e-9, 9e-9], x: [2700e-9, 3780e-9, 9e-9] });

  test("centres on the middle voxel", () => {
    const center = toCenter(crop);
    expect((center.get("z") ?? 0) / 45e-9).toBeCloseTo(13 + 3.5, 6);
    expect((center.get("x") ?? 0) / 9e-9).toBeCloseTo(300 + 60.5, 6);
  });

  test("fits all cross sections of the layout, with a margin", () => {
    expect((toFittingScale(crop, "xy", { width: 540, height: 1080 }) ?? 0) * 1e9).toBeCloseTo(2 * 1.08, 6);
    expect((toFittingScale(crop, "4panel", { width: 500, height: 350 }) ?? 0) * 1e9).toBeCloseTo(
      (1080 / 350) * 1.08,
      6,
    );
    expect((toFittingScale(crop, "xz", { width: 500, height: 100 }) ?? 0) * 1e9).toBeCloseTo(3.15 * 1.08, 6);
  });

  test("is for a cross section's part of the viewer, also before there is one", () => {
    const whole = { width: 1000, height: 700 };
    expect(toPanelSize("4panel", whole)).toEqual({ width: 500, height: 350 });
    expect(toPanelSize("xy-3d", whole)).toEqual({ width: 500, height: 700 });
    expect(toPanelSize("xz", whole)).toEqual(whole);
  });

  test("of nothing is no scale", () => {
    expect(toFittingScale(new Map(), "xy", { width: 0, height: 0 })).toBeUndefined();
    expect(toProjectionScale(new Map())).toBeUndefined();
  });

  test("the union holds every box", () => {
    const other = box({ x: [0, 10e-9, 1e-9] });
    expect(toUnion([crop, other]).get("x")).toEqual({ begin: 0, end: 3780e-9, voxel: 1e-9 });
  });
});

describe("what the cross sections show", () => {
  const view = { position: [100, 200, 300], scale: 2 } as const;
  const size = { width: 40, height: 20 };

  test("reaches along every axis as far as the longest panel along it", () => {
    expect(toVisibleBox({ ...view, layout: "4panel" }, size)).toEqual({ begin: [60, 180, 260], end: [140, 220, 340] });
  });

  test("is flat where no panel shows an axis", () => {
    expect(toVisibleBox({ ...view, layout: "xy" }, size)).toEqual({ begin: [100, 180, 260], end: [100, 220, 340] });
    expect(toVisibleBox({ ...view, layout: "3d" }, size)).toEqual({ begin: [100, 200, 300], end: [100, 200, 300] });
  });
});
