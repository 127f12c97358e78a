// From an output and its ground truth to what is wrong with it, and a layer that shows where. Loaded when first asked for.
import { multiply, product, subtract } from "#dacapo/coordinate.ts";
import { maxMaskVoxels } from "#evaluation/bit-volume.ts";
import { createErrorAnalyser, type ErrorAnalyser } from "#evaluation/error-analyser.ts";
import type { ErrorQuestion, ErrorReport } from "#evaluation/error-analysis.ts";
import { EvaluationError } from "#evaluation/errors.ts";
import { openTileArray } from "#inference/memory-array.ts";
import type { RunArray } from "#storage/open-array.ts";
import {
  channelsOf,
  type ErrorPlan,
  type ErrorProgress,
  lengthsOf,
  planErrorBlocks,
  type Voxels,
} from "./error-blocks.ts";
import { readErrorBlock } from "./error-read.ts";

export type ErrorTask = {
  /** "errors at 800". */
  readonly label: string;
  readonly output: RunArray;
  readonly gt: RunArray;
  /** What the task says; the arrays say the rest. */
  readonly question:
    | { readonly kind: "instance" }
    | {
        readonly kind: "mask";
        readonly channels: readonly string[];
        readonly clip: number | undefined;
        readonly tolerance: number | undefined;
      };
  readonly signal: AbortSignal;
  readonly onProgress: (progress: ErrorProgress) => void;
  /** Asked with a sentence before much is read; a rejection ends it. */
  readonly confirm?: (sentence: string) => Promise<void>;
};

export type ErrorWork = {
  readonly report: ErrorReport;
  /** Computed where it is read. */
  readonly array: RunArray;
  dispose(): void;
};

const tileEdge = 64;
/** More is read only on demand. */
const maxUnasked = 2 ** 27;

/** Throws EvaluationError where the two cannot be compared, StorageError where they cannot be read; aborts with the signal. */
export async function openErrorWork(task: ErrorTask, start = createErrorAnalyser): Promise<ErrorWork> {
  const { output, gt, signal, onProgress } = task;
  const plan = planErrorBlocks(output, gt);
  if (plan === undefined) throw apart();
  const voxels = product(lengthsOf(plan.region)) * channelsOf(gt);
  if (task.question.kind === "mask" && voxels > maxMaskVoxels) throw tooLarge(voxels);
  if (voxels > maxUnasked) await task.confirm?.(toQuestionText(voxels, plan.blocks.length));
  const analyser = start(toQuestion(task, plan));
  const abort = () => analyser.dispose();
  signal.addEventListener("abort", abort, { once: true });
  try {
    const total = plan.blocks.length;
    for (const [done, block] of plan.blocks.entries()) {
      onProgress({ what: "blocks", done, total });
      await analyser.add(await readErrorBlock(output, gt, plan, block, signal));
    }
    const report = await analyser.finish((done, parts) => onProgress({ what: "distances", done, total: parts }));
    const array = await openLayer(task, plan, analyser);
    return { report, array, dispose: () => analyser.dispose() };
  } catch (error) {
    analyser.dispose();
    signal.throwIfAborted();
    throw error;
  } finally {
    signal.removeEventListener("abort", abort);
  }
}

function toQuestionText(voxels: number, blocks: number): string {
  const billions = (voxels / 1e9).toFixed(1);
  return `The output has ${billions} billion voxels: comparing them reads all of it and of the ground truth, in ${blocks} blocks.`;
}

function apart(): EvaluationError {
  const message = "The output and the ground truth do not overlap, so nothing can be compared.";
  return new EvaluationError("no-overlap", "arrays", message);
}

function tooLarge(voxels: number): EvaluationError {
  const [most, billions] = [maxMaskVoxels, voxels].map((count) => (count / 1e9).toFixed(1));
  const message = `The output has ${billions} billion voxels in all channels; distances are found with all of them in memory, which takes at most ${most} billion.`;
  return new EvaluationError("too-large", "arrays", message);
}

/** As with `validate`. */
const definition = "simpleitk-2.2";

function toQuestion({ question, gt }: ErrorTask, { region }: ErrorPlan): ErrorQuestion {
  if (question.kind === "instance") return question;
  return { ...question, definition, shape: lengthsOf(region), spacing: gt.metadata.voxelSize };
}

function openLayer(
  { label, output, gt, question }: ErrorTask,
  plan: ErrorPlan,
  analyser: ErrorAnalyser,
): Promise<RunArray> {
  const { voxelSize, offset, units, spatialAxes, axisNames } = gt.metadata;
  const shape = lengthsOf(plan.region);
  const corner = multiply(plan.region.begin, voxelSize).map((moved, axis) => moved + (offset[axis] ?? 0));
  const paint: Paint = async (tile, signal) => {
    const part = { at: subtract(tile.begin, plan.region.begin), shape: lengthsOf(tile) };
    if (question.kind === "mask") return analyser.paint(part);
    return analyser.paint(part, await readErrorBlock(output, gt, plan, tile, signal));
  };
  const tileShape = shape.map((length) => Math.min(length, tileEdge));
  const channels = channelsOf(gt);
  return openTileArray({
    ...{ label, channels, tileShape, units },
    grid: { offset: corner, voxelSize, shape, anchor: shape.map(() => 0), end: shape },
    axisNames: spatialAxes.map((axis) => axisNames[axis] ?? "d"),
    source: { readTile: createTiles(plan, tileShape, channels, paint) },
  });
}

type Paint = (tile: Voxels, signal: AbortSignal | undefined) => Promise<Float32Array<ArrayBuffer>>;

/** What is one block is painted once, and stays; of more, every tile is painted when it is read. */
function createTiles({ region, blocks }: ErrorPlan, tileShape: readonly number[], channels: number, paint: Paint) {
  let whole: Promise<Float32Array<ArrayBuffer>> | undefined;
  return async (index: readonly number[], signal: AbortSignal | undefined) => {
    const lengths = lengthsOf(region);
    const begin = multiply(index, tileShape);
    const end = begin.map((first, axis) => Math.min(lengths[axis] ?? 0, first + (tileShape[axis] ?? 1)));
    const tile = { begin, end };
    if (blocks.length > 1) {
      const values = await paint(moved(tile, region.begin), signal);
      return toTile(
        values,
        lengthsOf(tile),
        lengthsOf(tile).map(() => 0),
        tileShape,
        channels,
      );
    }
    whole ??= paint(region, undefined);
    return toTile(await whole, lengths, begin, tileShape, channels);
  };
}

function moved({ begin, end }: Voxels, by: readonly number[]): Voxels {
  const move = (position: readonly number[]) => position.map((voxel, axis) => voxel + (by[axis] ?? 0));
  return { begin: move(begin), end: move(end) };
}

/** A full tile of values that begin at `begin` of a volume of `shape`; what lies outside of that is 0. */
function toTile(
  values: Float32Array,
  shape: readonly number[],
  begin: readonly number[],
  tileShape: readonly number[],
  channels: number,
): Float32Array<ArrayBuffer> {
  const size = product(tileShape);
  const tile = new Float32Array(channels * size);
  const row = Math.min(tileShape.at(-1) ?? 1, (shape.at(-1) ?? 1) - (begin.at(-1) ?? 0));
  const outer = tileShape.slice(0, -1);
  for (let line = 0; line < product(outer); line += 1) {
    const from = toLine(line, outer, shape, begin);
    if (from === undefined) continue;
    for (let channel = 0; channel < channels; channel += 1) {
      const start = channel * product(shape) + from;
      tile.set(values.subarray(start, start + row), channel * size + line * (tileShape.at(-1) ?? 1));
    }
  }
  return tile;
}

/** Where a line of a tile begins in the volume; undefined where it lies outside. */
function toLine(line: number, outer: readonly number[], shape: readonly number[], begin: readonly number[]) {
  let [rest, stride, offset] = [line, shape.at(-1) ?? 1, begin.at(-1) ?? 0];
  for (let axis = outer.length - 1; axis >= 0; axis -= 1) {
    const length = outer[axis] ?? 1;
    const voxel = (begin[axis] ?? 0) + (rest % length);
    if (voxel >= (shape[axis] ?? 1)) return undefined;
    offset += voxel * stride;
    rest = Math.floor(rest / length);
    stride *= shape[axis] ?? 1;
  }
  return offset;
}
