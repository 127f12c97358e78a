import type { ArchitectureConfig } from "./architecture.ts";
import type { Coordinate } from "./coordinate.ts";
import { add, divide, filled, multiply, subtract } from "./coordinate.ts";
import { headKernelSize, type TaskConfig } from "./task.ts";
import { taskOutputs } from "./task-outputs.ts";
import { type ShapeProblem, scaleVoxelSize, unetShapes } from "./unet-shapes.ts";

/** DaCapo's Model as far as configs alone tell: shapes in voxels, head included. */
export type ModelShapes = {
  readonly ok: true;
  readonly inputChannels: number;
  /** Undefined for a task this reference does not know. */
  readonly outputChannels: number | undefined;
  readonly inputShape: Coordinate;
  readonly outputShape: Coordinate;
  /** While validating. */
  readonly evalInputShape: Coordinate;
  readonly evalOutputShape: Coordinate;
  readonly evalActivation: "sigmoid" | undefined;
};

type Network = {
  readonly inputChannels: number;
  readonly inputShape: Coordinate;
  readonly evalInputShape: Coordinate;
  readonly outputOf: (shape: Coordinate) => { readonly ok: true; readonly output: Coordinate } | ShapeProblem;
};

const DUMMY_INPUT: Coordinate = [40, 20, 20];

function networkOf(architecture: ArchitectureConfig): Network | ShapeProblem {
  switch (architecture.type) {
    case "CNNectomeUNetConfig": {
      const { inputShape, evalShapeIncrease, fmapsIn } = architecture;
      const evalInputShape = add(inputShape, evalShapeIncrease ?? 0);
      const outputOf = (shape: Coordinate) => unetShapes(architecture, shape);
      return { inputChannels: fmapsIn, inputShape, evalInputShape, outputOf };
    }
    case "DummyArchitectureConfig": {
      const outputOf = (shape: Coordinate) => ({ ok: true as const, output: subtract(shape, 2) });
      return {
        inputChannels: architecture.numInChannels,
        inputShape: DUMMY_INPUT,
        evalInputShape: DUMMY_INPUT,
        outputOf,
      };
    }
    default:
      return {
        ok: false,
        level: 0,
        problem: "The shapes of this network follow from its code, which a config does not hold.",
      };
  }
}

/** Shapes of a network with its task's head, or why its config does not work out. */
export function modelShapes(architecture: ArchitectureConfig, task?: TaskConfig): ModelShapes | ShapeProblem {
  const network = networkOf(architecture);
  if ("ok" in network) return network;
  const { inputShape, evalInputShape, inputChannels } = network;
  const training = network.outputOf(inputShape);
  const evaluation = network.outputOf(evalInputShape);
  if (!training.ok) return training;
  if (!evaluation.ok) return evaluation;
  const outputs = task && taskOutputs(task);
  const head = headKernelSize(task) - 1;
  return {
    ok: true,
    inputChannels,
    outputChannels: outputs?.channels.length,
    inputShape,
    outputShape: subtract(training.output, head),
    evalInputShape,
    evalOutputShape: subtract(evaluation.output, head),
    evalActivation: outputs?.evalActivation,
  };
}

/** Voxel size of what the network puts out. Whole numbers, as in DaCapo. */
export function outputVoxelSize(architecture: ArchitectureConfig, voxelSize: Coordinate): Coordinate {
  if (architecture.type === "CNNectomeUNetConfig") return scaleVoxelSize(architecture, voxelSize);
  if (architecture.type !== "WrappedArchitectureConfig" || !architecture.scale) return voxelSize;
  return divide(voxelSize, architecture.scale).map(Math.floor);
}

/** What the input of a validation block has more than its output, per side, in world units. */
export function evalContext(
  shapes: ModelShapes,
  inputVoxelSize: Coordinate,
  predictionVoxelSize: Coordinate = inputVoxelSize,
): Coordinate {
  const input = multiply(shapes.evalInputShape, inputVoxelSize);
  const output = multiply(shapes.evalOutputShape, predictionVoxelSize);
  return divide(subtract(input, output), filled(input.length, 2));
}
