// How a prediction that is computed here becomes the output of some parameters, by the run's release and task.
import { parseParametersString, type WatershedParameters } from "#dacapo/post-processor-parameters.ts";
import { taskOutputs } from "#dacapo/task-outputs.ts";
import type { Recipe } from "#evaluation/post-processing.ts";
import type { RunState } from "./app-state.ts";
import { ProtocolError } from "./protocol-error.ts";
import { configOf } from "./score-state.ts";

/** @throws ProtocolError with a sentence on why that output cannot be made here */
export function recipeOf(run: RunState, name: string): Recipe {
  const parameters = parseParametersString(name);
  switch (parameters.kind) {
    case "threshold":
      return toThreshold(run, parameters);
    case "watershed":
      return toWatershed(run, parameters, name);
    case "argmax":
      return { kind: "argmax" };
    case "dummy":
    case "unknown":
      throw notMade(name, "DaCapo has no post-processor whose work could be repeated with them");
  }
}

type Threshold = Extract<ReturnType<typeof parseParametersString>, { readonly kind: "threshold" }>;

/** Releases from 0.2.1 to 0.3.0 count in 8-bit predictions; 0.2.0 kept what is above 0. */
function toThreshold(run: RunState, { form, threshold }: Threshold): Recipe {
  if (form === "bare") return { kind: "threshold", threshold: 0 };
  if (form !== "dataclass") return { kind: "threshold", threshold };
  return { kind: "threshold", threshold, eightBit: { sigmoid: outputsOf(run)?.evalActivation === "sigmoid" } };
}

function toWatershed(run: RunState, { bias, context }: WatershedParameters, name: string): Recipe {
  if (context === undefined)
    throw notMade(
      name,
      "release 0.2.0 took a bias of 0.5 whatever they say, and an older watershed without background",
    );
  if (run.release === "0.2.1-0.3.0")
    throw notMade(
      name,
      "releases 0.2.1 to 0.3.0 segmented 8-bit predictions block by block, and no file keeps how the blocks were joined",
    );
  const offsets = outputsOf(run)?.channels.flatMap(({ offset }) => (offset === undefined ? [] : [offset])) ?? [];
  if (offsets.length > 0) return { kind: "watershed", bias, offsets };
  throw notMade(name, `the configuration of ${run.name} does not say which offsets its affinities have`);
}

function outputsOf(run: RunState) {
  const task = configOf(run)?.taskConfig;
  return task && taskOutputs(task);
}

function notMade(name: string, why: string): ProtocolError {
  const message = `The output of ${name} cannot be made of a prediction that is computed here: ${why}; ask for prediction "stored".`;
  return new ProtocolError("unsupported", name, message);
}
