import { type AlignedPair, alignArrays } from "./align.ts";
import { type Overlap, toCountScores } from "./binary-scores.ts";
import { EvaluationError } from "./errors.ts";
import { createJointCounter } from "./joint-counter.ts";
import type { LabelData } from "./label-data.ts";
import { createMaskCounter, type MaskOptions } from "./mask-errors.ts";
import { regionKinds } from "./mask-parts.ts";
import { findObjectErrors, type LabelledObject, voxelErrors } from "./object-errors.ts";
import { type LabelPair, toChannels } from "./score-pair.ts";

export type ErrorQuestion =
  | { readonly kind: "instance" }
  /** `channels` names them as the stored criteria do ("mito" of "mito__dice"); one without a name is "". */
  | (MaskOptions & { readonly kind: "mask"; readonly channels: readonly string[] });

/** Both arrays over one block, which begins at `at`: voxels of the whole. */
export type ErrorBlock = LabelPair & { readonly at: readonly number[] };

export type ErrorPart = { readonly at: readonly number[]; readonly shape: readonly number[] };

export type OnProgress = (done: number, total: number) => void;

export type Total = {
  readonly criterion: string;
  readonly value: number;
  /** As with SimpleITK before 2.2, where that had another definition. */
  readonly former?: number;
};

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
  finish(onProgress?: OnProgress): ErrorReport;
  /**
   * The layer of errors over a part, `[channel, ...space]`: codes of `voxelErrors` for instances, for masks the distance from
   * the true boundary, negative where something was missed. To be asked for once it is finished; masks are remembered, of
   * instances it needs what lies there.
   */
  paint(part: ErrorPart, pair?: LabelPair): Float32Array<ArrayBuffer>;
};

export function createErrorAnalysis(question: ErrorQuestion): ErrorAnalysis {
  return question.kind === "instance" ? createInstanceAnalysis() : createMaskAnalysis(question);
}

const nothing = [new Uint8Array(), new Uint8Array()] as const;

function createInstanceAnalysis(): ErrorAnalysis {
  const counter = createJointCounter();
  let codes: Uint8Array | undefined;
  const volumes = (pair: LabelPair) => toChannels(toGrid(pair))[0] ?? nothing;
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
    paint(_, pair) {
      const [output, gt] = pair === undefined ? nothing : volumes(pair);
      return Float32Array.from(counter.pairsOf(output, gt), (pair) => codes?.[pair] ?? voxelErrors.right);
    },
  };
}

function createMaskAnalysis(question: ErrorQuestion & { kind: "mask" }): ErrorAnalysis {
  const counters = question.channels.map(() => createMaskCounter(question));
  return {
    add(block) {
      for (const [channel, [output, gt]] of toPairs(block, counters.length).entries())
        counters[channel]?.add(output, gt, spaceOf(block), block.at);
    },
    finish(onProgress) {
      const found = counters.map((counter, channel) =>
        counter.finish((done, total) => onProgress?.(channel * total + done, counters.length * total)),
      );
      const totals = found.flatMap(({ scores, overlap }, channel) =>
        toTotals(question.channels[channel] ?? "", Object.fromEntries(scores), toFormer(overlap)),
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
    paint({ at, shape }) {
      const size = shape.reduce((voxels, length) => voxels * length, 1);
      const values = new Float32Array(size * counters.length);
      for (const [index, counter] of counters.entries()) values.set(counter.paint(at, shape), index * size);
      return values;
    },
  };
}

const spaceOf = ({ gt }: LabelPair): readonly number[] => gt.shape.slice(-gt.voxelSize.length);

/** Blocks are cut so that both cover the ground truth's. */
function toGrid(block: LabelPair): AlignedPair {
  const aligned = alignArrays(block.output, block.gt);
  if (aligned.gt.data.length === block.gt.data.length) return aligned;
  const message = "The output covers only a part of a block of the ground truth, so their voxels cannot be compared.";
  throw new EvaluationError("no-overlap", "blocks", message);
}

function toPairs(block: ErrorBlock, channels: number): readonly (readonly [LabelData, LabelData])[] {
  const pairs = toChannels(toGrid(block));
  if (pairs.length !== channels) throw unnamedChannels(pairs.length, channels);
  return pairs;
}

function unnamedChannels(found: number, named: number): EvaluationError {
  const message = `The output has ${found} channels and the run's task names ${named}, so nothing says which is which.`;
  return new EvaluationError("channels", "channels", message);
}

type Scores = Readonly<Record<string, number>>;

function toTotals(channel: string, scores: Scores, former: Scores = {}): readonly Total[] {
  const prefix = channel === "" ? "" : `${channel}__`;
  return Object.entries(scores).map(([name, value]) => ({
    criterion: `${prefix}${name}`,
    value,
    ...(former[name] !== undefined && { former: former[name] }),
  }));
}

function toFormer(overlap: Overlap): Scores {
  const { false_discovery_rate, false_positive_rate, precision, f1_score } = toCountScores(
    overlap,
    "before-simpleitk-2.2",
  );
  return { false_discovery_rate, false_positive_rate, precision, f1_score };
}
