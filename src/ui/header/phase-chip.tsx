import { trainedUntil } from "#dacapo/training-stats.ts";
import type { RunState } from "#state/app-state.ts";
import { validationIterations } from "#state/selectors.ts";
import { useAppState, useRun } from "../app-context.ts";
import { useNow } from "../use-now.ts";
import { toAgo, toCount, toIn } from "../words.ts";

const phaseWords = { unknown: "", training: "training", stale: "stopped", finished: "finished" } as const;

export function PhaseChip() {
  const run = useRun();
  if (run === undefined) return undefined;
  if (run.status === "loading" && run.training.status !== "ready")
    return <span className="dv-phase-wait">Reading the run …</span>;
  return (
    <>
      <Phase run={run} />
      {run.status === "error" ? undefined : <Freshness run={run} />}
    </>
  );
}

function Phase({ run }: { readonly run: RunState }) {
  const training = run.training.status === "ready" ? run.training.value : undefined;
  const trained = training === undefined ? 0 : trainedUntil(training);
  const total = run.config.status === "ready" ? run.config.value.numIterations : undefined;
  if (training === undefined && run.phase === "unknown" && run.status !== "error") return undefined;
  const phase = run.status === "error" ? "failed" : run.phase;
  const word = run.status === "error" ? "could not be read" : phaseWords[run.phase];
  return (
    <span className="dv-phase" title="Iterations trained of those configured">
      <span className="dv-dot" data-phase={phase} />
      <span>
        {word === "" ? undefined : (
          <span className={training === undefined && run.status !== "error" ? undefined : "dv-phase-word"}>
            {word}
            {training === undefined ? "" : ", "}
          </span>
        )}
        {training === undefined ? undefined : toCount(trained)}
        {training === undefined || total === undefined ? undefined : (
          <span className="dv-dim dv-phase-total"> / {toCount(total)}</span>
        )}
      </span>
    </span>
  );
}

/** When a validation was last seen to change, and when it is looked for again. */
function Freshness({ run }: { readonly run: RunState }) {
  const now = useNow(1000);
  const follow = useAppState((state) => state.follow);
  const { changedAt, checkedAt, nextCheckAt, failures } = run.freshness;
  const last = validationIterations(run).at(-1);
  const checked = checkedAt === undefined ? "not checked yet" : `checked ${toAgo(checkedAt, now)}`;
  const next = follow.enabled && nextCheckAt !== undefined ? `, next check ${toIn(nextCheckAt, now)}` : "";
  const trouble = failures > 0 ? `, ${failures} failed ${failures === 1 ? "check" : "checks"} in a row` : "";
  return (
    <span className="dv-header-freshness" title={`${checked}${next}${trouble}`}>
      {last === undefined ? withoutValidation(run) : `last validation ${toCount(last)}`}
      {changedAt === undefined ? undefined : ` · changed ${toAgo(changedAt, now)}`}
      {failures === 0 ? undefined : <span className="dv-warn-text"> · {failures} failed checks</span>}
    </span>
  );
}

function withoutValidation({ scores }: RunState): string {
  return scores.status === "failed" ? "its scores could not be read" : "no validation yet";
}
