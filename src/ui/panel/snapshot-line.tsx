import type { TrainingStats } from "#dacapo/training-stats.ts";
import type { RunState } from "#state/app-state.ts";
import { useCommands, useShown } from "../app-context.ts";
import { toCount, toScore } from "../words.ts";

type Props = { readonly run: RunState; readonly stats: TrainingStats };

/** The batch in the volumes, and the loss at it; or the way there. */
export function SnapshotLine({ run, stats }: Props) {
  const { snapshot } = useShown();
  const { select } = useCommands();
  const toggle = () => select({ snapshot: snapshot === undefined ? "latest" : undefined });
  return (
    <section className="dv-card" aria-label="Training snapshots">
      <div className="dv-row" data-tight>
        <h3 className="dv-grow">Training snapshots</h3>
        <button type="button" className="dv-button" onClick={toggle}>
          {snapshot === undefined ? "Show in the volumes" : "Back to the validation"}
        </button>
      </div>
      <p className="dv-dim">{snapshot === undefined ? toOffer(run) : toShownText(snapshot, stats)}</p>
      <Superseded run={run} />
    </section>
  );
}

function toOffer({ snapshots }: RunState): string {
  if (snapshots?.status === "absent") return "There is a snapshot.zarr, but no whole snapshot in it yet.";
  if (snapshots?.status === "failed") return snapshots.problem.message;
  return "Batches as the network saw them: raw, target, weight, mask, prediction and gradients.";
}

function toShownText(snapshot: number, stats: TrainingStats): string {
  const loss = lossAt(stats, snapshot);
  const text = loss === undefined ? "its loss is not recorded" : `its loss was ${toScore(loss)}`;
  return `Iteration ${toCount(snapshot)} is shown; ${text}. Click in the chart, or move through them in the timeline.`;
}

/** Of the last time that the iteration was trained. */
function lossAt({ iterations, losses }: TrainingStats, iteration: number): number | undefined {
  const index = iterations.lastIndexOf(iteration);
  return index < 0 ? undefined : losses[index];
}

function Superseded({ run: { snapshots } }: { readonly run: RunState }) {
  const count = snapshots?.status === "ready" ? snapshots.value.superseded : 0;
  if (count === 0) return undefined;
  return (
    <p className="dv-note">
      {count === 1 ? "1 entry is left out" : `${toCount(count)} entries are left out`}: the training went back, and what
      it had done after that was undone.
    </p>
  );
}
