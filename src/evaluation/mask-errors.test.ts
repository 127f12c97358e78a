import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { toDistances } from "./distance-transform.ts";
import { createErrorAnalysis, type ErrorQuestion, type ErrorReport } from "./error-analysis.ts";
import type { LabelData } from "./label-data.ts";
import { createMaskCounter } from "./mask-errors.ts";

type Three = readonly [number, number, number];

const product = (shape: readonly number[]) => shape.reduce((voxels, length) => voxels * length, 1);
const axes = (z: number, y: number, x: number) =>
  fc.tuple(fc.integer({ min: 1, max: z }), fc.integer({ min: 1, max: y }), fc.integer({ min: 1, max: x }));

/** Rows longer than a word of bits; objects from everywhere down to a single voxel in a corner, so that some are far apart. */
const mask = (voxels: number) =>
  fc.oneof(
    fc.array(fc.constantFrom(0, 0, 1), { minLength: voxels, maxLength: voxels }).map((all) => Uint8Array.from(all)),
    fc.uniqueArray(fc.nat(voxels - 1), { maxLength: 3 }).map((some) => {
      const sparse = new Uint8Array(voxels);
      for (const voxel of some) sparse[voxel] = 1;
      return sparse;
    }),
    fc.constant(new Uint8Array(voxels).fill(1)),
  );

const volume = axes(5, 6, 70).chain((shape) =>
  fc.record({
    shape: fc.constant(shape),
    channels: fc.array(fc.tuple(mask(product(shape)), mask(product(shape))), { minLength: 1, maxLength: 3 }),
    block: axes(5, 6, 40),
    spacing: fc.tuple(fc.constantFrom(1, 8, 50), fc.constantFrom(1, 4), fc.constantFrom(1, 4.5)),
    clip: fc.constantFrom(2, 60),
    tolerance: fc.constantFrom(1, 9, 55),
  }),
);

function cut(data: Uint8Array, shape: Three, at: Three, part: Three): Uint8Array {
  return Uint8Array.from({ length: product(part) }, (_, i) => {
    const [z, y, x] = [Math.floor(i / (part[1] * part[2])), Math.floor(i / part[2]) % part[1], i % part[2]];
    return data[((at[0] + z) * shape[1] + at[1] + y) * shape[2] + at[2] + x] ?? 0;
  });
}

function toBlocks(shape: Three, [depth, height, width]: Three): readonly (readonly [at: Three, part: Three])[] {
  const blocks: (readonly [Three, Three])[] = [];
  for (let z = 0; z < shape[0]; z += depth)
    for (let y = 0; y < shape[1]; y += height)
      for (let x = 0; x < shape[2]; x += width) {
        const part: Three = [
          Math.min(depth, shape[0] - z),
          Math.min(height, shape[1] - y),
          Math.min(width, shape[2] - x),
        ];
        blocks.push([[z, y, x], part]);
      }
  return blocks;
}

type Channels = readonly (readonly [output: Uint8Array, truth: Uint8Array])[];

function analyse(question: ErrorQuestion & { kind: "mask" }, channels: Channels, block: Three) {
  const shape = question.shape as Three;
  const analysis = createErrorAnalysis(question);
  const place = { voxelSize: question.spacing, offset: [0, 0, 0] };
  const blocks = toBlocks(shape, block);
  for (const [at, part] of blocks) {
    const join = (side: 0 | 1): LabelData =>
      Uint8Array.from(channels.flatMap((pair) => [...cut(pair[side], shape, at, part)]));
    const whole = { shape: [channels.length, ...part], ...place };
    analysis.add({ output: { data: join(0), ...whole }, gt: { data: join(1), ...whole }, at });
  }
  const report = analysis.finish();
  return { report, paint: (at: Three, part: Three) => analysis.paint({ at, shape: part }) };
}

const spread = (report: ErrorReport) => (report.kind === "mask" ? report : undefined);

describe("the errors of a mask", () => {
  it("are those of the whole, however it is cut into blocks: totals, regions and the layer", () => {
    fc.assert(
      fc.property(volume, ({ shape, channels, block, spacing, clip, tolerance }) => {
        const names = channels.map((_, channel) => `c${channel}`);
        const options = { shape, spacing, clip, tolerance, definition: "simpleitk-2.2" } as const;
        const question = { kind: "mask", channels: names, ...options } as const;
        const whole = analyse(question, channels, shape);
        const blocks = analyse(question, channels, block);
        expect(blocks.report).toEqual(whole.report);
        expect(spread(blocks.report)?.totals).toHaveLength(21 * channels.length);
        const all = whole.paint([0, 0, 0], shape);
        for (const [at, part] of toBlocks(shape, block)) {
          const painted = blocks.paint(at, part);
          channels.forEach((_, channel) => {
            const here = all.subarray(channel * product(shape), (channel + 1) * product(shape));
            toBlocks(part, [1, 1, part[2]]).forEach(([row], line) => {
              const from = ((at[0] + row[0]) * shape[1] + at[1] + row[1]) * shape[2] + at[2];
              const to = channel * product(part) + line * part[2];
              for (let x = 0; x < part[2]; x += 1) expect(painted[to + x]).toBeCloseTo(here[from + x] ?? Number.NaN, 3);
            });
          });
        }
      }),
      { numRuns: 60 },
    );
  });

  it("have the distances of a transform of the whole, in slabs as thin as one layer", () => {
    fc.assert(
      fc.property(volume, fc.integer({ min: 1, max: 400 }), ({ shape, channels, spacing, clip, tolerance }, slab) => {
        const [output, truth] = channels[0] ?? [new Uint8Array(), new Uint8Array()];
        const counter = createMaskCounter({ shape, spacing, clip, tolerance, definition: "simpleitk-2.2" }, slab);
        counter.add(output, truth, shape, [0, 0, 0]);
        const { scores } = counter.finish();
        const outside = (data: Uint8Array) => data.map((value) => 1 - value);
        const mean = (of: Uint8Array, to: Uint8Array) => {
          const distances = toDistances(outside(to), shape, spacing).filter((_, voxel) => of[voxel] === 1);
          return distances.reduce((sum, distance) => sum + distance, 0) / distances.length;
        };
        const farthest = (of: Uint8Array, to: Uint8Array) =>
          Math.max(...toDistances(outside(to), shape, spacing.toReversed()).filter((_, voxel) => of[voxel] === 1));
        const isSome = output.includes(1) && truth.includes(1);
        expect(Number.isNaN(scores.get("mean_false_distance"))).toBe(!isSome);
        if (!isSome) return;
        expect(scores.get("mean_false_positive_distance")).toBeCloseTo(mean(output, truth), 8);
        expect(scores.get("mean_false_negative_distance")).toBeCloseTo(mean(truth, output), 8);
        expect(scores.get("hausdorff")).toBe(Math.max(farthest(output, truth), farthest(truth, output)));
        const depth = toDistances(truth, shape, spacing);
        const toTruth = toDistances(outside(truth), shape, spacing);
        const layer = Float32Array.from(output, (is, voxel) =>
          is === truth[voxel] ? 0 : is === 1 ? (toTruth[voxel] ?? 0) : -Math.min(1e9, depth[voxel] ?? 0),
        );
        counter.paint([0, 0, 0], shape).forEach((value, voxel) => {
          expect(value).toBeCloseTo(layer[voxel] ?? Number.NaN, 3);
        });
      }),
      { numRuns: 100 },
    );
  });
});
