import { unequalLengths } from "./errors.ts";
import { isBigLabels, type LabelData } from "./label-data.ts";
import { createPairTable, type PairTable } from "./pair-table.ts";

/** Which labels of two volumes meet, and in how many voxels; labels and pairs are numbered 0, 1, 2, … by first sight. */
export type JointTable = {
  readonly outputIds: readonly bigint[];
  readonly truthIds: readonly bigint[];
  /** Of each pair. */
  readonly pairs: readonly JointPair[];
  readonly voxels: number;
};

export type JointPair = {
  readonly output: number;
  readonly truth: number;
  readonly voxels: number;
  /** A voxel well inside: the middle of the longest row of such voxels. In voxels of the whole, slowest axis first. */
  readonly place: readonly number[];
};

/** Counts additively: a volume that is given block by block has the table of the whole. */
export type JointCounter = {
  /**
   * Both in C order on one grid of `shape`; `at` is where its first voxel lies in the whole.
   * Throws EvaluationError when the lengths differ.
   */
  add(output: LabelData, truth: LabelData, shape: readonly number[], at: readonly number[]): void;
  table(): JointTable;
  /** The pair of every voxel; those that were never added have numbers beyond the table's. */
  pairsOf(output: LabelData, truth: LabelData): Uint32Array<ArrayBuffer>;
};

export function createJointCounter(): JointCounter {
  const outputs = createPairTable();
  const truths = createPairTable();
  const pairs = createPairTable();
  const counts: number[] = [];
  const runs: number[] = [];
  const places: (readonly number[])[] = [];
  let voxels = 0;

  function pairsOf(output: LabelData, truth: LabelData): Uint32Array<ArrayBuffer> {
    if (output.length !== truth.length) throw unequalLengths(output.length, truth.length);
    const first = toIndices(output, outputs);
    const second = toIndices(truth, truths);
    for (let voxel = 0; voxel < first.length; voxel += 1) {
      first[voxel] = pairs.indexOf(first[voxel] ?? 0, second[voxel] ?? 0);
    }
    return first;
  }

  function addRun(pair: number, length: number, middle: number, shape: readonly number[], at: readonly number[]): void {
    counts[pair] = (counts[pair] ?? 0) + length;
    if (length <= (runs[pair] ?? 0)) return;
    runs[pair] = length;
    places[pair] = toPlace(middle, shape, at);
  }

  return {
    pairsOf,
    add(output, truth, shape, at) {
      const indices = pairsOf(output, truth);
      const row = shape.at(-1) ?? 1;
      let begin = 0;
      for (let voxel = 1; voxel <= indices.length; voxel += 1) {
        if (voxel < indices.length && voxel % row !== 0 && indices[voxel] === indices[begin]) continue;
        addRun(indices[begin] ?? 0, voxel - begin, (begin + voxel - 1) >> 1, shape, at);
        begin = voxel;
      }
      voxels += indices.length;
    },
    table() {
      const { first, second } = pairs.pairs();
      const toPair = (count: number, pair: number): JointPair => ({
        output: first[pair] ?? 0,
        truth: second[pair] ?? 0,
        voxels: count,
        place: places[pair] ?? [],
      });
      return { outputIds: toIds(outputs), truthIds: toIds(truths), pairs: counts.map(toPair), voxels };
    },
  };
}

function toPlace(voxel: number, shape: readonly number[], at: readonly number[]): readonly number[] {
  let rest = voxel;
  return shape
    .toReversed()
    .map((length, axis) => {
      const place = rest % length;
      rest = Math.floor(rest / length);
      return place + (at.at(-1 - axis) ?? 0);
    })
    .toReversed();
}

/** Labels of any width as two words, exact above 2^53; floats are cut to whole numbers. */
function toIndices(data: LabelData, table: PairTable): Uint32Array<ArrayBuffer> {
  const indices = new Uint32Array(data.length);
  const words = isBigLabels(data) ? new Uint32Array(data.buffer, data.byteOffset, 2 * data.length) : undefined;
  let [lastLow, lastHigh, index] = [-1, -1, 0];
  for (let voxel = 0; voxel < indices.length; voxel += 1) {
    const value = words === undefined ? Math.trunc(Number(data[voxel])) : 0;
    const low = words === undefined ? value >>> 0 : (words[2 * voxel] ?? 0);
    const high = words === undefined ? Math.floor(value / 2 ** 32) >>> 0 : (words[2 * voxel + 1] ?? 0);
    if (low !== lastLow || high !== lastHigh) index = table.indexOf(low, high);
    [lastLow, lastHigh] = [low, high];
    indices[voxel] = index;
  }
  return indices;
}

function toIds(table: PairTable): readonly bigint[] {
  const { first, second } = table.pairs();
  return Array.from(first, (low, index) => (BigInt(second[index] ?? 0) << 32n) | BigInt(low));
}
