import { useState } from "react";
import type {
  InferenceSettings,
  InferenceState,
  InferenceWish,
  OwnModelState,
  OwnRawState,
  RunState,
} from "#state/app-state.ts";
import { useAppState, useCommands, useShown } from "../app-context.ts";
import { InferenceOptions } from "./inference-options.tsx";
import { InferenceProgress } from "./inference-progress.tsx";
import { UnfinishedJob } from "./inference-region.tsx";
import { deviceNames } from "./inference-words.ts";
import { AddModel, NetworkChoice } from "./network-choice.tsx";
import { OwnCards } from "./own-cards.tsx";
import { AddRaw, RawChoice } from "./raw-choice.tsx";
import "./inference.css";
import { ChoiceField } from "../parts/choice-field.tsx";

type Device = InferenceState["device"];

/** Runs a network where one looks: of a checkpoint of the run, or one's own. */
export function InferenceSection({ run }: { readonly run: RunState }) {
  const inference = useAppState((state) => (state.inference?.run === run.id ? state.inference : undefined));
  return (
    <section className="dv-section" aria-label="Run it here">
      <h3>Run it here</h3>
      <RunForm key={run.id} run={run} inference={inference} />
    </section>
  );
}

type FormProps = { readonly run: RunState; readonly inference: InferenceState | undefined };

function RunForm({ run, inference }: FormProps) {
  const { infer } = useCommands();
  const shown = useShown();
  const [chosen, setChosen] = useState<number>();
  const [device, setDevice] = useState<Device>(hasGpu() ? "webgpu" : "wasm");
  const [settings, setSettings] = useState<InferenceSettings>({});
  const [refusal, setRefusal] = useState<string>();
  const iteration = toIteration(run.checkpoints, chosen ?? shown.iteration);
  const task = useTask(run, iteration, shown.dataset);
  const start = (wish: InferenceWish) => {
    setRefusal(undefined);
    infer(wish).catch((error: unknown) => setRefusal(toRefusal(error)));
  };
  return (
    <>
      <div className="dv-row">
        <NetworkChoice checkpoints={run.checkpoints} iteration={iteration} onChange={setChosen} />
        <RawChoice run={run} dataset={shown.dataset} />
        <DeviceChoice value={device} onChange={setDevice} />
        <button
          type="button"
          className="dv-button"
          data-variant="accent"
          disabled={task.wish === undefined || inference?.status === "loading"}
          onClick={() => task.wish && start({ ...task.wish, device, settings, ask: true })}
        >
          Run on {task.on}
        </button>
      </div>
      <div className="dv-row" data-tight>
        <AddModel />
        <AddRaw />
      </div>
      <InferenceOptions run={run} value={settings} onChange={setSettings} />
      <OwnCards />
      <UnfinishedJob run={run} />
      {inference === undefined ? (
        <Note text={refusal ?? task.missing} kind={refusal === undefined ? "hint" : "refusal"} />
      ) : (
        <InferenceProgress run={run} inference={inference} onStart={start} />
      )}
    </>
  );
}

type NoteProps = { readonly text: string | undefined; readonly kind: "hint" | "refusal" };

function Note({ text, kind }: NoteProps) {
  if (kind === "refusal")
    return (
      <p className="dv-bad-text" role="alert">
        {text}
      </p>
    );
  return (
    <p className="dv-dim">
      {text ?? "Computes what you look at, on this computer, from the checkpoint as the run saved it."}
    </p>
  );
}

/** What the button starts, or why it cannot. */
type Task = { readonly wish?: InferenceWish; readonly on: string; readonly missing?: string };

function useTask(run: RunState, iteration: number | undefined, dataset: string | undefined): Task {
  const models = useAppState((state) => state.models);
  const raws = useAppState((state) => state.raws);
  const pick = useAppState((state) => state.pick);
  const model = models.find(({ id }) => id === pick.model);
  const raw = raws.find(({ id }) => id === pick.raw);
  const on = raw?.name ?? dataset ?? "a dataset";
  const missing = toMissing(run, model, raw, dataset);
  if (missing !== undefined) return { on, missing };
  const network = model ? { id: model.id } : iteration === undefined ? undefined : { iteration };
  if (network === undefined) return { on };
  const place = { ...(dataset !== undefined && { dataset }), ...(raw && { raw: { id: raw.id } }) };
  return { on, wish: { model: network, ...place } };
}

/** Why nothing can be run; a sentence. */
function toMissing(
  run: RunState,
  model: OwnModelState | undefined,
  raw: OwnRawState | undefined,
  dataset: string | undefined,
): string | undefined {
  if (model === undefined && run.checkpoints.length === 0)
    return `No checkpoint was found in checkpoints/iterations of ${run.name}; add a model to run it here.`;
  if (model !== undefined && model.status !== "ready") return "Choose a network that can be run.";
  if (raw !== undefined) return raw.status === "ready" ? undefined : "Choose data that can be read.";
  if (dataset === undefined) return `${run.name} has no validation dataset; add data to run a network on.`;
  if (run.inputs.some((entry) => entry.dataset === dataset && entry.raw)) return undefined;
  return `validation.zarr/inputs of ${run.name} has no raw of ${dataset}; add data to run the network on.`;
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

function DeviceChoice({ value, onChange }: { readonly value: Device; readonly onChange: (device: Device) => void }) {
  return (
    <ChoiceField
      label="with"
      name="Device to run on"
      value={value}
      onChange={(value) => onChange(value === "webgpu" ? "webgpu" : "wasm")}
    >
      <option value="webgpu" disabled={!hasGpu()}>
        {hasGpu() ? deviceNames.webgpu : `${deviceNames.webgpu}: not offered by this browser`}
      </option>
      <option value="wasm">{deviceNames.wasm}</option>
    </ChoiceField>
  );
}
