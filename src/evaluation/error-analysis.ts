import { type AlignedPair, alignArrays } from "./align.ts";
import { EvaluationError } from "./errors.ts";
import { createJointCounter } from "./joint-counter.ts";
import { toUint8Labels } from "./label-data.ts";
import { createMaskCounter, type MaskBlock, type MaskOptions, regionKinds, toFalseVoxels } from "./mask-errors.ts";
import { findObjectErrors, type LabelledObject, voxelErrors } from "./object-errors.ts";
import { type LabelPair, toChannels } from "./score-pair.ts";

export type ErrorQuestion =
  | { readonly kind: "instance" }
  /** `channels` names them as the stored criteria do ("mito" of "mito__dice"); one without a name is "". */
  | (MaskOptions & { readonly kind: "mask"; readonly channels: readonly string[] });

/** Both arrays over the same region; of it counts the core, in voxels of the ground truth's block. */
export type ErrorBlock = LabelPair & Pick<MaskBlock, "core" | "at">;

export type Total = { readonly criterion: string; readonly value: number };

export type FalseRegion = {
  readonly channel: string;
  readonly error: "false positive" | "false negative";
  readonly voxels: number;
  /** World units: the greatest distance from the true boundary. */
  readonly depth: number;
  /** Its part of the mean false positive (or negative) distance, world units. */
  readonly share: number;
  readonly place: readonly number[];
};

/** Places are voxels of the whole. */
export type ErrorReport =
  | {
      readonly kind: "instance";
      readonly totals: readonly Total[];
      readonly objects: readonly LabelledObject[];
    }
  | {
      readonly kind: "mask";
      readonly channels: readonly string[];
      readonly totals: readonly Total[];
      readonly regions: readonly FalseRegion[];
      readonly voxels: { readonly falsePositive: number; readonly falseNegative: number };
    };

export type ErrorAnalysis = {
  /** Blocks tile the volume in C order. Throws EvaluationError when the two do not fit together. */
  add(block: ErrorBlock): void;
  finish(): ErrorReport;
  /**
   * The layer of errors over a block's core, `[channel, ...space]`: codes of `voxelErrors` for instances, for masks the
   * distance from the true boundary, negative where something was missed. To be asked for once all blocks were added.
   */
  paint(block: ErrorBlock): Float32Array<ArrayBuffer>;
};

export function createErrorAnalysis(question: ErrorQuestion): ErrorAnalysis {
  return question.kind === "instance" ? createInstanceAnalysis() : createMaskAnalysis(question);
}

function createInstanceAnalysis(): ErrorAnalysis {
  const counter = createJointCounter();
  let codes: Uint8Array | undefined;
  const volumes = (block: ErrorBlock) => toChannels(toGrid(block))[0] ?? [new Uint8Array(), new Uint8Array()];
  return {
    add(block) {
      const [output, gt] = volumes(block);
      counter.add(output, gt, spaceOf(block), block.at);
    },
    finish() {
      const { objects, voi, codes: found } = findObjectErrors(counter.table());
      codes = found;
      const totals = toTotals("", { voi_split: voi.split, voi_merge: voi.merge, voi: (voi.split + voi.merge) / 2 });
      return { kind: "instance", totals, objects };
    },
    paint(block) {
      const [output, gt] = volumes(block);
      return Float32Array.from(counter.pairsOf(output, gt), (pair) => codes?.[pair] ?? voxelErrors.right);
    },
  };
}

function createMaskAnalysis(question: ErrorQuestion & { kind: "mask" }): ErrorAnalysis {
  const counters = question.channels.map(() => createMaskCounter(question));
  return {
    add(block) {
      for (const [channel, mask] of toMasks(block, counters.length).entries()) counters[channel]?.add(mask);
    },
    finish() {
      const found = counters.map((counter) => counter.finish());
      const totals = found.flatMap(({ scores }, channel) =>
        toTotals(question.channels[channel] ?? "", Object.fromEntries(scores)),
      );
      const regions = found.flatMap(({ regions, overlap }, channel) =>
        regions.map((region): FalseRegion => {
          const { kind, voxels, depth, sum, place } = region;
          const isPositive = kind === regionKinds.falsePositive;
          const share = sum / (isPositive ? overlap.test : overlap.truth);
          const error = isPositive ? "false positive" : "false negative";
          return { channel: question.channels[channel] ?? "", error, voxels, depth, share, place };
        }),
      );
      const voxels = found.reduce(
        (sum, { overlap: { test, truth, background, total } }) => ({
          falsePositive: sum.falsePositive + total - background - truth,
          falseNegative: sum.falseNegative + total - background - test,
        }),
        { falsePositive: 0, falseNegative: 0 },
      );
      return { kind: "mask", channels: question.channels, totals, regions, voxels };
    },
    paint(block) {
      const painted = toMasks(block, counters.length).map((mask) => paintMask(mask, question));
      const size = painted[0]?.length ?? 0;
      const values = new Float32Array(size * painted.length);
      for (const [index, channel] of painted.entries()) values.set(channel, index * size);
      return values;
    },
  };
}

function paintMask(mask: MaskBlock, options: MaskOptions): Float32Array {
  const { kinds, depths } = toFalseVoxels(mask, options);
  return Float32Array.from(kinds, (kind, voxel) => {
    const depth = Math.min(depths[voxel] ?? 0, largestDistance);
    return kind === regionKinds.falseNegative ? -depth : depth;
  });
}

/** Where there is no boundary at all; finite, so that it can be drawn. */
const largestDistance = 1e9;

const spaceOf = ({ gt }: LabelPair): readonly number[] => gt.shape.slice(-gt.voxelSize.length);

/** Blocks are cut so that both cover the ground truth's. */
function toGrid(block: LabelPair): AlignedPair {
  const aligned = alignArrays(block.output, block.gt);
  if (aligned.gt.data.length === block.gt.data.length) return aligned;
  const message = "The output covers only a part of a block of the ground truth, so their voxels cannot be compared.";
  throw new EvaluationError("no-overlap", "blocks", message);
}

function toMasks(block: ErrorBlock, channels: number): readonly MaskBlock[] {
  const { core, at } = block;
  const pairs = toChannels(toGrid(block));
  if (pairs.length !== channels) throw unnamedChannels(pairs.length, channels);
  const shape = spaceOf(block);
  return pairs.map(([output, gt]) => ({ output: toUint8Labels(output), truth: toUint8Labels(gt), shape, core, at }));
}

function unnamedChannels(found: number, named: number): EvaluationError {
  const message = `The output has ${found} channels and the run's task names ${named}, so nothing says which is which.`;
  return new EvaluationError("channels", "channels", message);
}

function toTotals(channel: string, scores: Readonly<Record<string, number>>): readonly Total[] {
  const prefix = channel === "" ? "" : `${channel}__`;
  return Object.entries(scores).map(([name, value]) => ({ criterion: `${prefix}${name}`, value }));
}
