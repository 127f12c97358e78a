import type { RunState } from "#state/app-state.ts";
import { useCommands } from "../app-context.ts";
import { toCount } from "../words.ts";

/** Why there are no scores, and what one can look at instead. */
export function ScoresEmpty({ run }: { readonly run: RunState }) {
  const { setPanel } = useCommands();
  const { scores } = run;
  const failed = scores.status === "failed" || run.status === "error";
  const hasLosses = run.training.status === "ready" && run.training.value.iterations.length > 0;
  return (
    <div className="dv-empty">
      <h3>{failed ? "The scores could not be read" : "No scores yet"}</h3>
      <p>{scores.status === "failed" ? scores.problem.message : whyNone(run)}</p>
      {failed || hasLosses ? (
        <button type="button" className="dv-button" onClick={() => setPanel({ tab: failed ? "problems" : "loss" })}>
          {failed ? "See the problem" : "Look at the loss"}
        </button>
      ) : undefined}
    </div>
  );
}

function whyNone(run: RunState): string {
  if (run.status === "error") return `Nothing of ${run.name} could be read.`;
  const interval = run.config.status === "ready" ? run.config.value.validationInterval : undefined;
  const every = interval === undefined ? "" : ` It validates every ${toCount(interval)} iterations.`;
  if (run.phase === "training") return `The training has not reached its first validation.${every}`;
  return `DaCapo wrote no validation scores for this run.${every}`;
}
