// From an opened array of a snapshot to what the viewer draws of it.
import type { ChannelKind, TaskOutputs } from "#dacapo/task-outputs.ts";
import type { RunArray } from "#storage/open-array.ts";
import type { FixedAxis } from "#volumes/coordinate-space.ts";
import type { LayerKind } from "#volumes/layer-kind.ts";
import type { LayerRequest } from "#volumes/volume-viewer.ts";
import type { LayerPlan } from "./layer-plan.ts";

export type SnapshotFacts = {
  /** What a prediction of the task is drawn as, and real ground truth. */
  readonly prediction: LayerKind;
  readonly labels: LayerKind;
  readonly channels: TaskOutputs["channels"] | undefined;
};

/** The first of a batch is shown: of stacked arrays the first two axes are iterations and batch, whatever they are named. */
export function toSnapshotRequest(plan: LayerPlan, array: RunArray, key: string, facts: SnapshotFacts): LayerRequest {
  const index = plan.snapshot?.stack?.index;
  const fixed: readonly FixedAxis[] =
    index === undefined
      ? []
      : [
          { axis: 0, index },
          { axis: 1, index: 0 },
        ];
  const kind = kindOf(plan, index !== undefined, facts);
  const names = isOfTask(plan, index !== undefined) ? facts.channels : undefined;
  return {
    ...{ name: plan.name, title: plan.title, key, visible: plan.visible, kind, fixed },
    array: index === undefined ? inWorldUnits(array) : array,
    ...(names && {
      channels: names.map(({ name }) => name),
      channelKinds: names.map((each) => trained(plan, each.kind)),
    }),
  };
}

/** Target, weight and gradients have the channels of the prediction. */
function isOfTask({ name }: LayerPlan, isStacked: boolean): boolean {
  return name !== "raw" && name !== "mask" && (name !== "gt" || isStacked);
}

function kindOf({ name }: LayerPlan, isStacked: boolean, { prediction, labels }: SnapshotFacts): LayerKind {
  if (name === "prediction" || name === "target") return prediction;
  if (name === "gt") return isStacked ? prediction : labels;
  return name === "mask" ? "binary" : "grey";
}

/** In training the network ends without the activation that validation adds. */
function trained({ name }: LayerPlan, kind: ChannelKind): ChannelKind {
  return name === "prediction" && kind === "affinity" ? "logit" : kind;
}

/** Releases up to 0.3.5 wrote offsets in voxels here. */
function inWorldUnits(array: RunArray): RunArray {
  const { metadata } = array;
  const offset = metadata.offset.map((voxels, axis) => voxels * (metadata.voxelSize[axis] ?? 1));
  return { ...array, metadata: { ...metadata, offset } };
}
