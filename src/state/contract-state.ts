// The state of the public contract, section 4: plain values that a host page may rely on.
import { trainedUntil } from "#dacapo/training-stats.ts";
import type { AppState, Problem, RunState } from "./app-state.ts";
import { modelNameOf } from "./inference-task.ts";
import { criteriaOf, parametersOf, scoresOf, shownOf, validationIterations, volumeIterations } from "./selectors.ts";

export type ContractProblem = { readonly code: string; readonly message: string; readonly subject: string };

export type ContractRun = {
  readonly url: string;
  readonly name: string;
  readonly status: RunState["status"];
  readonly problems: readonly ContractProblem[];
  readonly trainedUntil: number;
  /** The newest iteration that has scores, 0 without any (DaCapo's own `validated_until` is one more). */
  readonly validatedUntil: number;
  readonly validationIterations: readonly number[];
  readonly volumeIterations: readonly number[];
  readonly datasets: readonly string[];
  readonly criteria: readonly string[];
  readonly parameters: readonly string[];
  readonly best: readonly {
    readonly dataset: string;
    readonly criterion: string;
    readonly iteration: number;
    readonly parameters: string;
    readonly score: number;
  }[];
  readonly checkpoints: readonly number[];
};

export type ContractInference = {
  readonly device: "webgpu" | "wasm";
  /** The iteration of the checkpoint. */
  readonly model: string;
  readonly status: "loading" | "running" | "idle" | "error";
  readonly blocksDone: number;
  readonly blocksQueued: number;
};

export type ContractState = {
  readonly runs: readonly ContractRun[];
  readonly selection: {
    readonly run?: string;
    readonly dataset?: string;
    readonly iteration?: number;
    readonly criterion?: string;
    readonly parameters?: string;
    /** What the person follows; absent when an iteration was chosen. */
    readonly follows?: "latest" | "best";
  };
  readonly layers: readonly {
    readonly name: string;
    readonly run: string;
    readonly source: string;
    readonly iteration?: number;
    readonly visible: boolean;
  }[];
  readonly view: {
    readonly position?: readonly number[];
    readonly scale?: number;
    readonly layout?: string;
    readonly unit?: string;
  };
  readonly inference: ContractInference | null;
  readonly settled: boolean;
};

export function toContractState(state: AppState): ContractState {
  return {
    runs: state.runOrder.flatMap((id) => {
      const run = state.runs[id];
      return run === undefined ? [] : [toContractRun(run, state.problems)];
    }),
    selection: toContractSelection(state),
    layers: state.layers.toSorted(byRole).map(({ name, run, source, iteration, visible }) => ({
      name,
      run,
      source,
      ...(iteration === undefined ? {} : { iteration }),
      visible,
    })),
    view: state.view,
    inference: toContractInference(state),
    settled: state.settled,
  };
}

const roles = [
  ...["raw", "gt", "prediction", "segmentation", "best", "inference", "inference B"],
  ...["prediction B", "segmentation B", "difference", "agreement", "errors"],
  ...["target", "weight", "mask", "gradients"],
];

/** Hosts read layers as the contract names them, whatever is drawn above what. */
function byRole(a: { readonly name: string }, b: { readonly name: string }): number {
  return roles.indexOf(a.name) - roles.indexOf(b.name);
}

function toContractInference({ inference }: AppState): ContractInference | null {
  if (inference === undefined) return null;
  const { device, status, blocksDone, blocksQueued } = inference;
  const shown = status === "paused" ? "idle" : status === "asking" ? "loading" : status;
  return { device, model: modelNameOf(inference), status: shown, blocksDone, blocksQueued };
}

function toContractSelection(state: AppState): ContractState["selection"] {
  const shown = shownOf(state);
  const { iteration } = state.selection;
  if (typeof iteration === "number" || shown.run === undefined) return shown;
  return { ...shown, follows: iteration ?? "best" };
}

function toContractRun(run: RunState, problems: readonly Problem[]): ContractRun {
  const scores = scoresOf(run);
  const iterations = validationIterations(run);
  return {
    url: run.url,
    name: run.name,
    status: run.status,
    problems: [...problems.filter((problem) => problem.run === run.id).map(toContractProblem), ...orderProblems(run)],
    trainedUntil: run.training.status === "ready" ? trainedUntil(run.training.value) : 0,
    validatedUntil: iterations.at(-1) ?? 0,
    validationIterations: iterations,
    volumeIterations: volumeIterations(run),
    datasets: run.datasets,
    criteria: criteriaOf(run),
    parameters: parametersOf(run),
    best:
      scores?.best
        .filter(({ dataset }) => run.datasets.includes(dataset)) // scores may come before the names of their datasets
        .map(({ dataset, criterion, iteration, parameters, score }) => ({
          dataset,
          criterion,
          iteration,
          parameters,
          score,
        })) ?? [],
    checkpoints: run.checkpoints,
  };
}

function toContractProblem({ code, message, subject }: Problem): ContractProblem {
  return { code, message, subject };
}

/** Whose a score is cannot be told: what is said of datasets is a guess then. */
function orderProblems(run: RunState): ContractProblem[] {
  const scores = scoresOf(run);
  if (scores?.datasetOrder !== "unknown" || scores.scores.datasets.length < 2) return [];
  return [{ code: "dataset-order-unknown", message: scores.notes.join(" "), subject: run.url }];
}
