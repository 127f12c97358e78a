import type { InferenceState, InferenceWish, RunState } from "#state/app-state.ts";
import { inputNameOf, titleOf, toWish } from "#state/inference-task.ts";
import { useCommands } from "../app-context.ts";
import { Facts } from "./facts.tsx";
import { InferenceCompare } from "./inference-compare.tsx";
import { InferenceCost } from "./inference-cost.tsx";
import { InferenceData } from "./inference-data.tsx";
import { InferenceParity } from "./inference-parity.tsx";
import { InferenceRegion } from "./inference-region.tsx";
import { toActivity, toNetworkFacts, toPace } from "./inference-words.ts";

type Props = {
  readonly run: RunState;
  readonly inference: InferenceState;
  readonly onStart: (wish: InferenceWish) => void;
};

/** The network at work. Every line and button has its place from the start, so that nothing moves while it fills. */
export function InferenceProgress({ run, inference, onStart }: Props) {
  const { status, message } = inference;
  const title = `I${titleOf(inference).slice(1)} on ${inputNameOf(inference)}`;
  return (
    <section className="dv-card" aria-label={title}>
      <strong>{title}</strong>
      <span className="dv-inference-line">{toActivity(inference)}</span>
      <ProgressBar inference={inference} />
      <span className="dv-inference-line dv-dim">{toPace(inference)}</span>
      {status === "asking" && inference.cost ? <InferenceCost cost={inference.cost} /> : undefined}
      <Buttons inference={inference} onStart={onStart} />
      {message === undefined ? undefined : (
        <p className="dv-note" data-kind="warn" role={status === "error" ? "alert" : "status"}>
          {message}
        </p>
      )}
      {status === "error" ? undefined : <InferenceParity run={run} inference={inference} />}
      <InferenceCompare inference={inference} />
      <InferenceRegion run={run} inference={inference} />
      <InferenceData inference={inference} onStart={onStart} />
      <Facts facts={toNetworkFacts(inference)} />
    </section>
  );
}

function ProgressBar({ inference }: { readonly inference: InferenceState }) {
  const { status, download, blocksDone, blocksQueued } = inference;
  const label = status === "loading" ? "Checkpoint loaded" : "Blocks done";
  const [value, max] =
    status === "loading" ? [download?.loaded, download?.total] : [blocksDone, blocksDone + blocksQueued];
  const isKnown = value !== undefined && max !== undefined && max > 0 && !(status === "loading" && value >= max);
  if (isKnown) return <progress className="dv-progress" aria-label={label} value={value} max={max} />;
  if (status === "loading") return <progress className="dv-progress" aria-label={label} />;
  return <progress className="dv-progress" aria-label={label} value={0} max={1} />;
}

function Buttons({ inference, onStart }: Omit<Props, "run">) {
  const { pauseInference, cancelInference, closeInference } = useCommands();
  const { status } = inference;
  const paused = status === "paused";
  return (
    <div className="dv-row" data-tight>
      {status === "error" ? (
        <button type="button" className="dv-button" onClick={() => onStart(toWish(inference))}>
          Try again
        </button>
      ) : (
        <button
          type="button"
          className="dv-button"
          disabled={status !== "running" && status !== "idle" && !paused}
          onClick={() => pauseInference(!paused)}
        >
          {paused ? "Resume" : "Pause"}
        </button>
      )}
      <button
        type="button"
        className="dv-button"
        title={status === "loading" ? "Stop loading" : "Drop the blocks that are queued; those that are done stay"}
        disabled={status !== "loading" && !(status === "running" || (paused && inference.blocksQueued > 0))}
        onClick={status === "loading" ? closeInference : cancelInference}
      >
        Cancel
      </button>
      <button
        type="button"
        className="dv-button"
        title="Take the layer away and free its memory"
        disabled={status === "loading"}
        onClick={closeInference}
      >
        Close
      </button>
    </div>
  );
}
