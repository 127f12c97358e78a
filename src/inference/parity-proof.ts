import type { Coordinate } from "#dacapo/coordinate.ts";
import { add, floorDivide, maximum, minimum, multiply, subtract } from "#dacapo/coordinate.ts";
import type { RunArray } from "#storage/open-array.ts";
import type { BlockPlan } from "./block-plan.ts";
import { planBlocks } from "./block-plan.ts";
import { type BlockRunner, predictRegion } from "./block-run.ts";
import { leastSize } from "./block-size.ts";
import type { Engine } from "./engine.ts";
import { compareVoxels } from "./parity-compare.ts";
import { type ParityVerdict, toVerdict, worstVerdict } from "./parity-verdict.ts";

export type ParityRequest = {
  /** With the engine whose results are shown. */
  readonly runner: BlockRunner;
  /** The processor's, with the same model loaded; absent where the processor is what is shown. */
  readonly processor?: Pick<Engine, "run">;
  /** On the grid of the plan, for the iteration of the model. */
  readonly stored?: RunArray;
  /** The network has batch norm, and the dataset need not be the first that was validated. */
  readonly batchNorm?: boolean;
  readonly signal?: AbortSignal;
};

export type ParityProof = {
  /** Voxels of the grid that were compared. */
  readonly begin: Coordinate;
  readonly end: Coordinate;
  readonly verdicts: readonly ParityVerdict[];
  /** The one that the badge shows; undefined where there was nothing to compare with. */
  readonly verdict: ParityVerdict | undefined;
};

/**
 * Computes one small block in the middle of the grid on the device and compares it with the processor's and with the stored
 * prediction. Throws InferenceError as engines do, and what reading the arrays throws.
 */
export async function proveParity(request: ParityRequest): Promise<ParityProof> {
  const { stored, processor, signal } = request;
  const runner = { ...request.runner, plan: toSmallPlan(request.runner.plan), augmentation: "none" as const };
  const { begin, end } = middleBlock(runner.plan);
  const options = signal ? { signal } : {};
  const { data } = await predictRegion(runner, begin, end, options);
  const verdicts: ParityVerdict[] = [];
  if (processor) {
    const expected = await predictRegion({ ...runner, engine: processor, variant: REFERENCE }, begin, end, options);
    verdicts.push(toVerdict({ reference: "processor", comparison: compareVoxels(data, expected.data) }));
  }
  if (stored) {
    const comparison = compareVoxels(data, await readStored(stored, begin, end, signal));
    verdicts.push(toVerdict({ reference: "stored", comparison, ...(request.batchNorm && { batchNorm: true }) }));
  }
  return { begin, end, verdicts, verdict: worstVerdict(verdicts) };
}

const REFERENCE = { lowering: "conv3d", precision: "f32" } as const;

/** Blocks as small as the network's arithmetic allows; DaCapo's own where only those give what is stored. */
function toSmallPlan(plan: BlockPlan): BlockPlan {
  const { geometry, grid, tiling } = plan;
  if (tiling === "dacapo") return plan;
  const region = subtract(grid.end, grid.anchor);
  const { inputShape } = leastSize(geometry, region);
  const inputVoxels = inputShape.reduce((total, length) => total * length, 1);
  const limits = { memoryBytes: Number.POSITIVE_INFINITY, tensorBytes: Number.POSITIVE_INFINITY, inputVoxels };
  const planned = planBlocks({ geometry, grid, tiling, limits });
  return planned.ok ? planned.plan : plan;
}

function middleBlock({ grid, size }: BlockPlan): { readonly begin: Coordinate; readonly end: Coordinate } {
  const extent = subtract(grid.end, grid.anchor);
  const tile = floorDivide(floorDivide(extent, 2), size.usableShape);
  const begin = add(grid.anchor, multiply(tile, size.usableShape));
  return { begin, end: maximum(minimum(add(begin, size.usableShape), grid.end), begin) };
}

/** Channels first, as the network gives them; float32. */
async function readStored(
  stored: RunArray,
  begin: Coordinate,
  end: Coordinate,
  signal: AbortSignal | undefined,
): Promise<ArrayLike<number>> {
  const extra = stored.shape.length - begin.length;
  const from = [...stored.shape.slice(0, extra).map(() => 0), ...begin];
  const { data } = await stored.read(from, [...stored.shape.slice(0, extra), ...end], signal);
  return data instanceof BigInt64Array || data instanceof BigUint64Array ? Float64Array.from(data, Number) : data;
}
