import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { EvaluationError } from "./errors.ts";
import { createMutexWatershed } from "./mutex-watershed.ts";

type Offsets = readonly (readonly number[])[];

const segment = (values: readonly number[], shape: readonly number[], offsets: Offsets, bias: number) => [
  ...createMutexWatershed({ data: Float32Array.from(values), shape, offsets }).toLabels(bias),
];

/** Labels by first sight from 1, 0 for voxels that nothing attracts: what two segmentations share that differ in ids alone. */
function toPartition(labels: readonly number[], isBackground: (voxel: number) => boolean): readonly number[] {
  const seen = new Map<number, number>();
  return labels.map((label, voxel) => {
    if (isBackground(voxel)) return 0;
    seen.set(label, seen.get(label) ?? seen.size + 1);
    return seen.get(label) ?? 0;
  });
}

/** Coordinates of a voxel, and the voxel at coordinates, undefined outside. */
function createGrid(shape: readonly number[]) {
  const strides = shape.map((_, axis) => shape.slice(axis + 1).reduce((product, length) => product * length, 1));
  return {
    at: (voxel: number) => shape.map((length, axis) => Math.floor(voxel / (strides[axis] ?? 1)) % length),
    voxel: (place: readonly number[]) =>
      place.some((at, axis) => at < 0 || at >= (shape[axis] ?? 0))
        ? undefined
        : place.reduce((sum, at, axis) => sum + at * (strides[axis] ?? 0), 0),
  };
}

/** The five steps of dacapo-format 5, one after another, with sets of voxels and a list of pairs. */
function naive(values: readonly number[], shape: readonly number[], offsets: Offsets, bias: number) {
  const voxels = shape.reduce((product, length) => product * length, 1);
  const grid = createGrid(shape);
  const edges = offsets.flatMap((offset, channel) =>
    Array.from({ length: voxels }, (_, u) => {
      const v = grid.voxel(grid.at(u).map((at, axis) => at + (offset[axis] ?? 0)));
      const weight = (values[channel * voxels + u] ?? 0) - bias;
      return v === undefined ? [] : [{ positive: weight > 0, weight: Math.abs(weight), u, v }];
    }).flat(),
  );
  edges.sort((a, b) => b.weight - a.weight);
  const foreground = new Set(edges.flatMap(({ positive, u, v }) => (positive ? [u, v] : [])));
  const clusters = Array.from({ length: voxels }, (_, voxel) => new Set([voxel]));
  const mutexes: [number, number][] = [];
  for (const { positive, u, v } of edges) {
    if (!foreground.has(u) || !foreground.has(v)) continue;
    const [a, b] = [clusters[u], clusters[v]];
    if (a === undefined || b === undefined || a === b) continue;
    if (mutexes.some(([x, y]) => (a.has(x) && b.has(y)) || (a.has(y) && b.has(x)))) continue;
    if (!positive) mutexes.push([u, v]);
    else for (const voxel of b) clusters[voxel] = a.add(voxel);
  }
  const ids = new Map([...new Set(clusters)].map((cluster, id) => [cluster, id]));
  return toPartition(
    clusters.map((cluster) => ids.get(cluster) ?? -1),
    (voxel) => !foreground.has(voxel),
  );
}

const offsetsOf = (axes: number) =>
  fc.uniqueArray(
    fc
      .array(fc.integer({ min: -3, max: 3 }), { minLength: axes, maxLength: axes })
      .filter((offset) => offset.some((step) => step !== 0)),
    { minLength: 1, maxLength: 5, selector: String },
  );

/** Affinities that differ in weight from each other, as the order of equal ones is nobody's; one channel more than is used. */
const cases = fc.integer({ min: 1, max: 3 }).chain((axes) =>
  fc
    .tuple(fc.array(fc.integer({ min: 1, max: 5 }), { minLength: axes, maxLength: axes }), offsetsOf(axes))
    .chain(([shape, offsets]) => {
      const count = (offsets.length + 1) * shape.reduce((product, length) => product * length, 1);
      const weights = fc.shuffledSubarray(
        Array.from({ length: count }, (_, i) => i + 1),
        { minLength: count, maxLength: count },
      );
      const signs = fc.array(fc.constantFrom(-1, 1), { minLength: count, maxLength: count });
      const values = fc
        .tuple(weights, signs)
        .map(([all, sign]) => all.map((weight, i) => (weight / 1024) * (sign[i] ?? 1)));
      return fc.record({ shape: fc.constant(shape), offsets: fc.constant(offsets), values });
    }),
);

describe("the mutex watershed", () => {
  const wall = (cell: (channel: number, column: number) => number) =>
    [0, 1].flatMap((channel) => [0, 1].flatMap(() => [0, 1, 2, 3, 4, 5].map((column) => cell(channel, column))));
  const plane: Offsets = [
    [1, 0],
    [0, 1],
  ];

  it("gives what mwatershed gave (section 14): two segments, all background, a row cut in two", () => {
    const cut = segment(
      wall((channel, column) => (channel === 1 && column === 2 ? 0.1 : 0.9)),
      [2, 6],
      plane,
      0.5,
    );
    expect(toPartition(cut, () => false)).toEqual([1, 1, 1, 2, 2, 2, 1, 1, 1, 2, 2, 2]);
    expect(cut).not.toContain(0);
    expect(
      segment(
        wall(() => 0.1),
        [2, 6],
        plane,
        0.5,
      ),
    ).toEqual(new Array(12).fill(0));
    expect(toPartition(segment([0.9, 0.9, 0.1, 0.9, 0.9], [1, 5], [[0, 1]], 0.5), () => false)).toEqual([
      1, 1, 1, 2, 2,
    ]);
  });

  it("leaves voxel 0 alone as label 0, which looks like background, as mwatershed does [ran]", () => {
    const offsets = [[1], [2]];
    const labels = segment([0.6, 0.9, 0.9, 0.9, 0, 0, 0.9, 0.9, 0, 0], [5], offsets, 0.5);
    expect(labels[0]).toBe(0);
    expect(toPartition(labels, () => false)).toEqual([1, 2, 2, 2, 2]);
  });

  it("counts an affinity that equals the bias as repulsion", () => {
    expect(segment([0.5, 0.5, 0.5], [3], [[1]], 0.5)).toEqual([0, 0, 0]);
  });

  it("is the five steps written down, for any offsets, with one sort for all biases", () => {
    fc.assert(
      fc.property(cases, ({ shape, offsets, values }) => {
        const watershed = createMutexWatershed({ data: Float32Array.from(values), shape, offsets });
        for (const bias of [-0.031_5, 0, 0.047_3]) {
          const expected = naive(values, shape, offsets, bias);
          const labels = [...watershed.toLabels(bias)];
          expect(toPartition(labels, (voxel) => expected[voxel] === 0)).toEqual(expected);
          expect(labels.filter((label, voxel) => label !== 0 && expected[voxel] === 0)).toEqual([]);
        }
      }),
    );
  });

  it("says which part is done", () => {
    const parts: number[] = [];
    const shape = [1024, 1100];
    const data = Float32Array.from({ length: 1024 * 1100 }, (_, i) => 0.6 + (i % 7) / 100);
    createMutexWatershed({ data, shape, offsets: [[0, 1]] }).toLabels(0.5, (part) => parts.push(part));
    expect(parts).toEqual([expect.closeTo(2 ** 20 / (1024 * 1099), 9)]);
  });

  it.each([
    [{ shape: [2, 2], offsets: [[1, 0, 0]], data: new Float32Array(4) }, /whole voxels of 2 axes/],
    [{ shape: [2, 2], offsets: plane, data: new Float32Array(4) }, /2 offsets needs a channel for each/],
    [{ shape: [1, 2], offsets: [[0, 1]], data: Float32Array.of(Number.NaN, 0) }, /NaN/],
    [
      { shape: [2 ** 20, 2 ** 7], offsets: [[0, 1]], data: { length: 2 ** 27 } as Float32Array },
      /too large .* smaller dataset/,
    ],
  ] as const)("refuses what it cannot do, with a sentence: %#", (affinities, message) => {
    expect(() => createMutexWatershed(affinities)).toThrow(EvaluationError);
    expect(() => createMutexWatershed(affinities)).toThrow(message);
  });
});
