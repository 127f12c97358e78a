// How a network fares, as the state tells it.
import { multiply } from "#dacapo/coordinate.ts";
import { contextOf } from "#inference/block-plan.ts";
import type { InferenceStatus } from "#inference/inference.ts";
import type { InferenceState } from "./app-state.ts";

/** `cancelled`: what was queued was dropped, and nothing is computed until it is resumed. */
export function toStatusPart(status: InferenceStatus, cancelled: boolean): Partial<InferenceState> {
  const { state, facts, tilesDone, tilesQueued, tilesPerSecond, remainingSeconds, plan, precision } = status;
  return {
    status: state === "failed" ? "error" : cancelled ? "paused" : state,
    blocksDone: tilesDone,
    blocksQueued: tilesQueued,
    memoryBytes: status.memoryBytes,
    ...(facts && { device: facts.device, reason: facts.reason }),
    ...(tilesPerSecond !== undefined && { blocksPerSecond: tilesPerSecond }),
    ...(remainingSeconds !== undefined && { remainingSeconds }),
    ...(precision && { precision }),
    ...(plan && { block: toBlock(plan) }),
  };
}

function toBlock(plan: NonNullable<InferenceStatus["plan"]>): NonNullable<InferenceState["block"]> {
  const { size, geometry, grid } = plan;
  const { usableShape, inputShape } = size;
  return {
    outputShape: usableShape,
    inputShape,
    context: contextOf(plan, multiply(grid.voxelSize, geometry.upsampling)),
    memoryBytes: geometry.costOf(inputShape).peakBytes,
  };
}
