import type { InferenceState, RunState } from "#state/app-state.ts";
import { useAppState, useCommands } from "../app-context.ts";
import { toCount } from "../words.ts";
import { ClusterCommand } from "./cluster-command.tsx";
import { toBlocksTime } from "./inference-words.ts";

type Props = { readonly run: RunState; readonly inference: InferenceState };

/** Computes what is visible or all of it, whether anybody looks or not. */
export function InferenceRegion({ run, inference }: Props) {
  const { computeInference } = useCommands();
  const { region, status } = inference;
  const busy = region?.status === "running";
  const disabled = busy || inference.card === undefined || status === "error";
  return (
    <div className="dv-region">
      <div className="dv-row" data-tight>
        <button type="button" className="dv-button" disabled={disabled} onClick={() => void computeInference("view")}>
          Compute what is visible
        </button>
        <button type="button" className="dv-button" disabled={disabled} onClick={() => void computeInference("all")}>
          Compute all of it
        </button>
      </div>
      <span className="dv-dim dv-inference-line">{toEstimate(inference)}</span>
      <Progress inference={inference} />
      <ClusterCommand run={run} inference={inference} />
    </div>
  );
}

function Progress({ inference: { region } }: Pick<Props, "inference">) {
  const { stopInferenceRegion } = useCommands();
  if (region === undefined) return undefined;
  const { what, status, done, total, message } = region;
  const name = what === "all" ? "All of it" : "What was visible";
  const words = { running: "being computed", done: "computed", stopped: "stopped" } as const;
  return (
    <>
      <span className="dv-inference-line">
        {name}: {words[status]}, {toCount(done)} of {toCount(total)} blocks
      </span>
      <progress className="dv-progress" aria-label={`${name} computed`} value={done} max={Math.max(1, total)} />
      {message === undefined ? undefined : (
        <p className="dv-note" data-kind="warn">
          {message}
        </p>
      )}
      {status === "running" ? (
        <div className="dv-row" data-tight>
          <button type="button" className="dv-button" onClick={stopInferenceRegion}>
            Stop
          </button>
          {what === "all" ? <span className="dv-dim">Goes on after a reload, if you wish.</span> : undefined}
        </div>
      ) : undefined}
    </>
  );
}

/** "All of it is 24 blocks: about 3 min." */
function toEstimate({ grid, block, blocksPerSecond }: InferenceState): string {
  if (grid === undefined || block === undefined) return "";
  const counts = grid.shape.map((length, axis) => Math.ceil(length / (block.outputShape[axis] ?? 1)));
  const total = counts.reduce((product, count) => product * count, 1);
  const time = toBlocksTime(total, blocksPerSecond);
  return `All of it is ${toCount(total)} ${total === 1 ? "block" : "blocks"}${time === undefined ? "" : `: about ${time}`}.`;
}

/** What an earlier visit began. */
export function UnfinishedJob({ run }: { readonly run: RunState }) {
  const { resumeInferenceJob, forgetInferenceJob } = useCommands();
  const job = useAppState((state) => state.inferenceJob);
  if (job?.run !== run.id) return undefined;
  const { iteration, dataset, done, total } = job;
  return (
    <div className="dv-note" role="status">
      <p>
        Computing all of {dataset} at {iteration} was left at {toCount(done)} of {toCount(total)} blocks.
      </p>
      <div className="dv-row" data-tight>
        <button
          type="button"
          className="dv-button"
          onClick={() => void resumeInferenceJob().catch(() => undefined) /* a failure is told where it computes */}
        >
          Go on
        </button>
        <button type="button" className="dv-button" onClick={forgetInferenceJob}>
          Forget it
        </button>
      </div>
    </div>
  );
}
