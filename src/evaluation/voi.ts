import { unequalLengths } from "./errors.ts";
import { isBigLabels, type LabelData, toUint8Labels } from "./label-data.ts";
import { createPairTable } from "./pair-table.ts";

/** Conditional entropies in bits (log base 2). */
export type VariationOfInformation = {
  /** H(reconstruction | truth): grows when an object of the truth is split. */
  readonly split: number;
  /** H(truth | reconstruction): grows when objects of the truth are merged. */
  readonly merge: number;
};

export type InstanceScores = { readonly voi_split: number; readonly voi_merge: number; readonly voi: number };

/** A volume's labels renumbered 0 … counts.length - 1 by first sight; `counts` are voxels. */
export type Partition = { readonly indices: Uint32Array; readonly counts: Float64Array };

/** Labels of any width; 64-bit ids are compared as two words, exact above 2^53. Floats are cut to whole numbers. */
export function toPartition(data: LabelData): Partition {
  return isBigLabels(data) ? partitionOfWords(toWords(data)) : partitionOfNumbers(data);
}

const toWords = (data: BigUint64Array | BigInt64Array | Float64Array): Uint32Array =>
  new Uint32Array(data.buffer, data.byteOffset, 2 * data.length);

function partitionOfNumbers(data: Exclude<LabelData, BigUint64Array | BigInt64Array>): Partition {
  if (data instanceof Float32Array || data instanceof Float64Array) {
    return partitionOfWords(toWords(Float64Array.from(data, (value) => Math.trunc(value) + 0)));
  }
  const table = createPairTable();
  const indices = new Uint32Array(data.length);
  let previous: number | undefined;
  let index = 0;
  for (let voxel = 0; voxel < data.length; voxel += 1) {
    const label = data[voxel] ?? 0;
    if (label !== previous) index = table.indexOf(label, 0);
    previous = label;
    indices[voxel] = index;
  }
  return { indices, counts: countsOf(indices, table.size()) };
}

function partitionOfWords(words: Uint32Array): Partition {
  const table = createPairTable();
  const indices = new Uint32Array(words.length / 2);
  let index = 0;
  for (let voxel = 0; voxel < indices.length; voxel += 1) {
    const low = words[2 * voxel] ?? 0;
    const high = words[2 * voxel + 1] ?? 0;
    const same = voxel > 0 && low === words[2 * voxel - 2] && high === words[2 * voxel - 1];
    if (!same) index = table.indexOf(low, high);
    indices[voxel] = index;
  }
  return { indices, counts: countsOf(indices, table.size()) };
}

function countsOf(indices: Uint32Array, size: number): Float64Array {
  const counts = new Float64Array(size);
  for (let voxel = 0; voxel < indices.length; voxel += 1) {
    const index = indices[voxel] ?? 0;
    counts[index] = (counts[index] ?? 0) + 1;
  }
  return counts;
}

/**
 * Variation of information of two volumes of equal length (dacapo-format 4.5). Every label counts, background too.
 * Throws EvaluationError when the lengths differ; empty volumes give 0.
 */
export function toVariationOfInformation(reconstruction: LabelData, truth: LabelData): VariationOfInformation {
  if (reconstruction.length !== truth.length) throw unequalLengths(reconstruction.length, truth.length);
  return conditionalEntropies(toPartition(reconstruction), toPartition(truth));
}

function conditionalEntropies(reconstruction: Partition, truth: Partition): VariationOfInformation {
  const joint = toJointCounts(reconstruction, truth);
  const voxels = truth.indices.length;
  let split = 0;
  let merge = 0;
  for (let pair = 0; pair < joint.counts.length; pair += 1) {
    const both = joint.counts[pair] ?? 0;
    split += (both / voxels) * Math.log2((truth.counts[joint.truth[pair] ?? 0] ?? 0) / both);
    merge += (both / voxels) * Math.log2((reconstruction.counts[joint.reconstruction[pair] ?? 0] ?? 0) / both);
  }
  return { split, merge };
}

function toJointCounts(reconstruction: Partition, truth: Partition) {
  const table = createPairTable();
  const indices = new Uint32Array(truth.indices.length);
  for (let voxel = 0; voxel < indices.length; voxel += 1) {
    indices[voxel] = table.indexOf(reconstruction.indices[voxel] ?? 0, truth.indices[voxel] ?? 0);
  }
  const { first, second } = table.pairs();
  return { reconstruction: first, truth: second, counts: countsOf(indices, table.size()) };
}

/** DaCapo's instance scores: `voi` is the mean of its parts, unlike the binary `voi`, which is their sum. */
export function toInstanceScores(output: LabelData, gt: LabelData): InstanceScores {
  const { split, merge } = toVariationOfInformation(output, gt);
  return { voi_split: split, voi_merge: merge, voi: (split + merge) / 2 };
}

/** DaCapo's binary `voi`, split + merge of the two masks with background as a label. */
export function toBinaryVoi(output: LabelData, gt: LabelData): number {
  const { split, merge } = toVariationOfInformation(toUint8Labels(output), toUint8Labels(gt));
  return split + merge;
}
