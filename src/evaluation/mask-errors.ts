import { equals } from "#dacapo/coordinate.ts";
import { countOverlap, type Overlap } from "./binary-scores.ts";
import { type BoxPart, createBits, setBits, toBox } from "./bit-volume.ts";
import { createRegionCounter, type ErrorRegion } from "./error-regions.ts";
import { createJointCounter } from "./joint-counter.ts";
import { type LabelData, toUint8Labels } from "./label-data.ts";
import { createDepths, regionKinds, toDepths, toFalseDistances, toKinds, toPainted, toSlabs } from "./mask-parts.ts";
import { addDistance, type DistanceSums, type ScoreOptions, toMaskScores } from "./mask-scores.ts";
import { findObjectErrors } from "./object-errors.ts";

export type MaskOptions = ScoreOptions & {
  /** Of the whole, and world units of a voxel: slowest axis first. */
  readonly shape: readonly number[];
  readonly spacing: readonly number[];
};

export type MaskErrors = {
  /** Under DaCapo's names. */
  readonly scores: ReadonlyMap<string, number>;
  /** `sum` of false distances as DaCapo has them; `depth` from the true boundary. */
  readonly regions: readonly ErrorRegion[];
  readonly overlap: Overlap;
};

export type MaskCounter = {
  /** One channel of a block, in C order, that begins at `at`; blocks tile the whole in any order. */
  add(output: LabelData, truth: LabelData, shape: readonly number[], at: readonly number[]): void;
  /** Once all is there. */
  finish(onProgress?: (done: number, total: number) => void): MaskErrors;
  /** After that: distances of false voxels from the true boundary, negative where something was missed; 0 elsewhere. */
  paint(at: readonly number[], shape: readonly number[]): Float32Array<ArrayBuffer>;
};

/** Worked on at a time, with some fifty bytes each. */
const maxSlab = 2 ** 21;

/**
 * Adds up what is wrong with one channel. Distances are those of the whole volume, however it is cut into blocks: every voxel
 * of both masks is remembered as a bit, and distances are transformed in slabs that span all axes but the last.
 */
export function createMaskCounter(options: MaskOptions, slabVoxels = maxSlab): MaskCounter {
  const shape = toBox(options.shape, 1);
  const masks = { output: createBits(shape), truth: createBits(shape), spacing: toBox(options.spacing, 1) };
  /** For `hausdorff` SimpleITK is given the spacing in reverse (dacapo-format 4.4). */
  const reversed = { ...masks, spacing: toBox(options.spacing.toReversed(), 1) };
  const isSame = equals(masks.spacing, reversed.spacing);
  const joint = createJointCounter();
  const cells = createDepths(shape);
  let overlap: Overlap = { agreeing: 0, truth: 0, test: 0, background: 0, total: 0 };

  return {
    add(output, truth, blockShape, at) {
      const part = { begin: toBox(at, 0), shape: toBox(blockShape, 1) };
      overlap = added(overlap, countOverlap(output, truth));
      joint.add(toUint8Labels(output), toUint8Labels(truth), blockShape, at);
      setBits(masks.output, output, part);
      setBits(masks.truth, truth, part);
    },
    finish(onProgress = () => undefined) {
      const regions = createRegionCounter();
      const sums = { positive: noDistances(), negative: noDistances() };
      let farthest = 0;
      const slabs = toSlabs(masks, { begin: [0, 0, 0], shape }, slabVoxels);
      for (const [done, part] of slabs.entries()) {
        onProgress(done, slabs.length);
        const kinds = toKinds(masks, part);
        const distances = toFalseDistances(masks, part, kinds);
        const depths = toDepths(masks, part, kinds, distances);
        addAll(sums, kinds, distances, options);
        cells.add(part, depths);
        regions.add({ kinds, depths, values: distances, shape: part.shape, at: part.begin });
        farthest = Math.max(farthest, largest(isSame ? distances : toFalseDistances(reversed, part, kinds)));
      }
      const { split, merge } = findObjectErrors(joint.table()).voi;
      const scores = toMaskScores({ overlap, voi: split + merge, ...sums, farthest }, options);
      return { scores, regions: regions.regions().map((region) => placed(region, options.shape.length)), overlap };
    },
    paint(at, partShape) {
      const whole = { begin: toBox(at, 0), shape: toBox(partShape, 1) };
      const values = new Float32Array(whole.shape[0] * whole.shape[1] * whole.shape[2]);
      const reach = cells.most(whole);
      if (reach === 0) return values;
      for (const part of toSlabs({ ...masks, reach }, whole, slabVoxels))
        putSlab(values, whole, part, toPainted({ ...masks, reach }, part));
      return values;
    },
  };
}

const noDistances = (): DistanceSums => ({ false: 0, clipped: 0, tolerated: 0 });

function added(a: Overlap, b: Overlap): Overlap {
  return {
    agreeing: a.agreeing + b.agreeing,
    truth: a.truth + b.truth,
    test: a.test + b.test,
    background: a.background + b.background,
    total: a.total + b.total,
  };
}

type BothSums = { readonly positive: DistanceSums; readonly negative: DistanceSums };

function addAll({ positive, negative }: BothSums, kinds: Uint8Array, distances: Float64Array, options: ScoreOptions) {
  kinds.forEach((kind, voxel) => {
    if (kind === regionKinds.falsePositive) addDistance(positive, distances[voxel] ?? 0, options);
    else if (kind === regionKinds.falseNegative) addDistance(negative, distances[voxel] ?? 0, options);
  });
}

const largest = (distances: Float64Array): number => distances.reduce((most, each) => Math.max(most, each), 0);

/** Flat data has places of two numbers. */
function placed(region: ErrorRegion, axes: number): ErrorRegion {
  return { ...region, place: region.place.slice(3 - axes) };
}

function putSlab(values: Float32Array, whole: BoxPart, part: BoxPart, slab: Float32Array): void {
  const [depth, height, width] = part.shape;
  const x = part.begin[2] - whole.begin[2];
  for (let line = 0; line < depth * height; line += 1)
    values.set(slab.subarray(line * width, (line + 1) * width), line * whole.shape[2] + x);
}
