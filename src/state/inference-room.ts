// What the network's room offers to the rest of the state, whether its code is there yet or not.
import type { Inference } from "#inference/inference.ts";
import type { RunArray } from "#storage/open-array.ts";
import type { VolumeViewer } from "#volumes/volume-viewer.ts";
import type { Commands } from "./app.ts";
import type { RawOptions } from "./app-options.ts";
import type { RunId } from "./app-state.ts";
import type { KeyValue } from "./recents.ts";
import type { RunSource } from "./run-source.ts";

export const inferenceCommandNames = [
  "infer",
  "pauseInference",
  "cancelInference",
  "closeInference",
  "insistOnInference",
  "confirmInference",
  "computeInference",
  "stopInferenceRegion",
  "resumeInferenceJob",
  "forgetInferenceJob",
  "keepInference",
  "followInference",
  "closeInferenceB",
  "addModel",
  "setModelLayout",
  "forgetModel",
  "addRaw",
  "forgetRaw",
] as const satisfies readonly (keyof Commands)[];

export type InferenceCommands = Pick<Commands, (typeof inferenceCommandNames)[number]>;

/** All that has to do with networks: what was brought along, what is at work, and what is asked of it. */
export type InferenceDesk = {
  readonly commands: InferenceCommands;
  /** A prediction that is computed, or was and is still shown. */
  array(generation: number): RunArray | undefined;
  /** What it is computed on. */
  raw(generation: number): RunArray | undefined;
  /** What is at work. */
  current(): Inference | undefined;
  dispose(): void;
};

export type InferenceDeskContext = RawOptions & {
  readonly sourceOf: (run: RunId) => RunSource | undefined;
  readonly storage: KeyValue | undefined;
  readonly viewer: () => VolumeViewer | undefined;
};
