import { useState } from "react";
import type { InferenceState, InferenceWish, RunState } from "#state/app-state.ts";
import { toWish } from "#state/inference-task.ts";
import { useAppState, useCommands, useShown } from "../app-context.ts";
import { InferenceProgress } from "./inference-progress.tsx";
import { deviceNames } from "./inference-words.ts";
import "./inference.css";

type Device = InferenceState["device"];

/** Runs the network of a checkpoint of the run where one looks. */
export function InferenceSection({ run }: { readonly run: RunState }) {
  const { dataset } = useShown();
  const inference = useAppState((state) => (state.inference?.run === run.id ? state.inference : undefined));
  const missing = toMissing(run, dataset);
  return (
    <section className="dv-section" aria-label="Run it here">
      <h3>Run it here</h3>
      {dataset === undefined || missing !== undefined ? (
        <p className="dv-dim">{missing}</p>
      ) : (
        <RunForm key={run.id} run={run} dataset={dataset} inference={inference} />
      )}
    </section>
  );
}

/** Why nothing can be run; a sentence. */
function toMissing(run: RunState, dataset: string | undefined): string | undefined {
  if (run.checkpoints.length === 0)
    return `No checkpoint was found in checkpoints/iterations of ${run.name}, so there is no network to run.`;
  if (dataset === undefined) return `${run.name} has no validation dataset on which its network could be run.`;
  if (run.inputs.some((entry) => entry.dataset === dataset && entry.raw)) return undefined;
  return `validation.zarr/inputs of ${run.name} has no raw of ${dataset}, so there is nothing to run the network on.`;
}

type FormProps = {
  readonly run: RunState;
  readonly dataset: string;
  readonly inference: InferenceState | undefined;
};

function RunForm({ run, dataset, inference }: FormProps) {
  const { infer } = useCommands();
  const shown = useShown();
  const [chosen, setChosen] = useState<number>();
  const [device, setDevice] = useState<Device>(hasGpu() ? "webgpu" : "wasm");
  const [refusal, setRefusal] = useState<string>();
  const iteration = toIteration(run.checkpoints, chosen ?? shown.iteration);
  if (iteration === undefined) return undefined;

  const start = (wish: InferenceWish) => {
    setRefusal(undefined);
    infer(wish).catch((error: unknown) => setRefusal(toRefusal(error)));
  };
  return (
    <>
      <div className="dv-row">
        <CheckpointChoice checkpoints={run.checkpoints} value={iteration} onChange={setChosen} />
        <DeviceChoice value={device} onChange={setDevice} />
        <button
          type="button"
          className="dv-button"
          data-variant="accent"
          disabled={inference?.status === "loading"}
          onClick={() => start({ model: { iteration }, dataset, device })}
        >
          Run on {dataset}
        </button>
      </div>
      {inference === undefined ? (
        <p
          className={refusal === undefined ? "dv-dim" : "dv-bad-text"}
          role={refusal === undefined ? undefined : "alert"}
        >
          {refusal ?? "Computes what you look at, on this computer, from the checkpoint as the run saved it."}
        </p>
      ) : (
        <InferenceProgress run={run} inference={inference} onRetry={() => start(toWish(inference))} />
      )}
    </>
  );
}

/** The wanted one where there is a checkpoint of it, else the newest. */
function toIteration(checkpoints: readonly number[], wanted: number | undefined): number | undefined {
  return wanted !== undefined && checkpoints.includes(wanted) ? wanted : checkpoints.at(-1);
}

function hasGpu(): boolean {
  return "gpu" in navigator;
}

/** What a person did not do themselves, as a sentence. */
function toRefusal(error: unknown): string | undefined {
  if (!(error instanceof Error)) return String(error);
  return error.name === "AbortError" ? undefined : error.message;
}

type CheckpointChoiceProps = {
  readonly checkpoints: readonly number[];
  readonly value: number;
  readonly onChange: (iteration: number) => void;
};

function CheckpointChoice({ checkpoints, value, onChange }: CheckpointChoiceProps) {
  return (
    <label className="dv-field">
      <span>iteration</span>
      <select
        className="dv-select"
        aria-label="Checkpoint to run"
        value={value}
        onChange={(event) => onChange(Number(event.target.value))}
      >
        {checkpoints.map((iteration) => (
          <option key={iteration} value={iteration}>
            {iteration}
          </option>
        ))}
      </select>
    </label>
  );
}

function DeviceChoice({ value, onChange }: { readonly value: Device; readonly onChange: (device: Device) => void }) {
  return (
    <label className="dv-field">
      <span>on</span>
      <select
        className="dv-select"
        aria-label="Device to run on"
        value={value}
        onChange={(event) => onChange(event.target.value === "webgpu" ? "webgpu" : "wasm")}
      >
        <option value="webgpu" disabled={!hasGpu()}>
          {hasGpu() ? deviceNames.webgpu : `${deviceNames.webgpu}: not offered by this browser`}
        </option>
        <option value="wasm">{deviceNames.wasm}</option>
      </select>
    </label>
  );
}
