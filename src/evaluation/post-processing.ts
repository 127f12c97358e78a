import { product } from "#dacapo/coordinate.ts";
import { countChannels, type PlacedArray } from "./align.ts";
import { toArgmax } from "./argmax.ts";
import { checkAffinities, createMutexWatershed, type MutexWatershed } from "./mutex-watershed.ts";
import { toEightBit, toThresholded } from "./threshold.ts";

/** How DaCapo makes an output of a prediction: its post-processor, with its parameters and what the task says of it. */
export type Recipe =
  | {
      readonly kind: "threshold";
      readonly threshold: number;
      /** Where the release stored predictions in 8 bits: whether its network ends in a sigmoid. */
      readonly eightBit?: { readonly sigmoid: boolean };
    }
  | { readonly kind: "watershed"; readonly bias: number; readonly offsets: readonly (readonly number[])[] }
  | { readonly kind: "argmax" };

/** Outputs of one prediction. */
export type PostProcessing = {
  /** Channels are kept by thresholds alone. `onProgress` is told which part of a long one is done. @throws EvaluationError */
  toOutput(recipe: Recipe, onProgress?: (part: number) => void): PlacedArray;
};

/** Whether that can be done, before the prediction is there. @throws EvaluationError with a sentence on why not */
export function checkSize(recipe: Recipe, { shape, voxelSize }: Pick<PlacedArray, "shape" | "voxelSize">): void {
  if (recipe.kind !== "watershed") return;
  const channels = product(shape.slice(0, -voxelSize.length));
  checkAffinities({ channels, shape: shape.slice(-voxelSize.length), offsets: recipe.offsets });
}

/** `prediction` is `[c?, …space]` and read as long as outputs are asked for. */
export function createPostProcessing(prediction: PlacedArray): PostProcessing {
  const { data, shape, voxelSize } = prediction;
  const space = shape.slice(-voxelSize.length);
  let sorted: { readonly key: string; readonly watershed: MutexWatershed } | undefined;

  /** What is sorted once does for all biases. */
  function watershedOf(offsets: readonly (readonly number[])[]): MutexWatershed {
    const key = JSON.stringify(offsets);
    if (sorted?.key !== key) {
      const affinities = data instanceof Float32Array ? data : Float32Array.from(data as ArrayLike<number>);
      sorted = { key, watershed: createMutexWatershed({ data: affinities, shape: space, offsets }) };
    }
    return sorted.watershed;
  }

  return {
    toOutput(recipe, onProgress) {
      switch (recipe.kind) {
        case "threshold": {
          const values = recipe.eightBit ? toEightBit(data, recipe.eightBit.sigmoid) : data;
          return { ...prediction, data: toThresholded(values, recipe.threshold) };
        }
        case "argmax":
          return { ...prediction, shape: space, data: toArgmax(data, countChannels(prediction)) };
        case "watershed":
          return { ...prediction, shape: space, data: watershedOf(recipe.offsets).toLabels(recipe.bias, onProgress) };
      }
    },
  };
}
