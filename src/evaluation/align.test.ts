import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { alignArrays, countChannels, type PlacedArray } from "./align.ts";
import { EvaluationError } from "./errors.ts";

const line = (data: readonly number[], offset: number, voxelSize = 10): PlacedArray => ({
  data: Uint8Array.from(data),
  shape: [data.length],
  offset: [offset],
  voxelSize: [voxelSize],
});

describe("bringing an output and its ground truth to one grid", () => {
  it("returns volumes that share their grid without copying them", () => {
    const output = line([1, 2, 3], 40);
    const gt = line([4, 5, 6], 40);
    expect(alignArrays(output, gt)).toEqual({ output, gt });
    expect(alignArrays(output, gt).gt.data).toBe(gt.data);
  });

  it("crops both to the region that they share, in world units", () => {
    const { output, gt } = alignArrays(line([1, 2, 3, 4], 100), line([5, 6, 7, 8], 120));
    expect([...output.data]).toEqual([3, 4]);
    expect([...gt.data]).toEqual([5, 6]);
    expect(gt.offset).toEqual([120]);
  });

  it("takes the nearest voxel of an output with another voxel size, on the ground truth's grid", () => {
    const { output, gt } = alignArrays(line([1, 2], 0, 20), line([5, 6, 7, 8], 0, 10));
    expect([...output.data]).toEqual([1, 1, 2, 2]);
    expect(gt.voxelSize).toEqual([10]);
    expect([...alignArrays(line([1, 2, 3, 4, 5, 6], 0, 10), line([7, 8], 0, 30)).output.data]).toEqual([2, 5]);
  });

  it("crops every channel alike and keeps 64-bit ids", () => {
    const output: PlacedArray = {
      data: BigUint64Array.of(1n, 2n, 3n, 4n, 5n, 6n, 2n ** 63n, 8n),
      shape: [2, 2, 2],
      offset: [0, 0],
      voxelSize: [8, 4],
    };
    const gt: PlacedArray = { data: new Uint8Array(2), shape: [2, 1], offset: [0, 4], voxelSize: [8, 4] };
    const aligned = alignArrays(output, gt).output;
    expect(aligned).toMatchObject({ data: BigUint64Array.of(2n, 4n, 6n, 8n), shape: [2, 2, 1], offset: [0, 4] });
    expect(countChannels(aligned)).toBe(2);
  });

  it("says where the two lie when they do not meet", () => {
    const aligning = () => alignArrays(line([1], 0), line([1], 500));
    expect(aligning).toThrow(EvaluationError);
    expect(aligning).toThrow(/offset 0.*offset 500/);
  });

  it("gives both the same shape, within the ground truth, wherever they lie", () => {
    const placed = fc.record({
      length: fc.integer({ min: 1, max: 12 }),
      offset: fc.integer({ min: -60, max: 60 }),
      voxelSize: fc.integer({ min: 1, max: 9 }),
    });
    const build = ({ length, offset, voxelSize }: { length: number; offset: number; voxelSize: number }) =>
      line(
        Array.from({ length }, (_, i) => i + 1),
        offset,
        voxelSize,
      );
    fc.assert(
      fc.property(placed, placed, (a, b) => {
        const [output, gt] = [build(a), build(b)];
        try {
          const aligned = alignArrays(output, gt);
          expect(aligned.output.shape).toEqual(aligned.gt.shape);
          expect([...aligned.output.data, ...aligned.gt.data]).not.toContain(0);
        } catch (error) {
          expect(error).toBeInstanceOf(EvaluationError);
        }
      }),
    );
  });
});
