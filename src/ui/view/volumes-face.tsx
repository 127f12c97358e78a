import type { RunState } from "#state/app-state.ts";
import { problemsOf, shownIterations, volumeIterations } from "#state/selectors.ts";
import { useAppState, useCommands, useRun } from "../app-context.ts";
import { useDelayed } from "../parts/use-delayed.ts";
import { toCount } from "../words.ts";

/** What stands where the volumes will be, or says why there are none. */
export function VolumesFace({ retry }: { readonly retry: () => void }) {
  const run = useRun();
  const viewer = useAppState((state) => state.viewer);
  const settled = useAppState((state) => state.settled);
  if (viewer === "failed") return <FailedFace retry={retry} />;
  if (run === undefined) return <LoadingFace text="Loading the run" />;
  if (run.status === "error") return <UnreadableFace run={run} />;
  if (run.status === "loading") return <LoadingFace text={`Looking into ${run.name}`} />;
  if (!hasAnything(run) || settled) return <NothingFace run={run} />;
  return <LoadingFace text={viewer === "ready" ? "Opening the volumes" : "Loading the volume viewer"} />;
}

function hasAnything(run: RunState): boolean {
  return run.inputs.length > 0 || volumeIterations(run).length > 0 || run.snapshots?.status === "ready";
}

function LoadingFace({ text }: { readonly text: string }) {
  const long = useDelayed(1000);
  return (
    <div className="dv-face" role="status">
      <div className="dv-face-panes" aria-hidden="true">
        <span className="dv-skeleton" />
        <span className="dv-skeleton" />
        <span className="dv-skeleton" />
        <span className="dv-skeleton" />
      </div>
      <div className="dv-over dv-face-card" style={{ position: "static" }}>
        <span>{text} …</span>
        {long ? <progress className="dv-progress" aria-label={text} /> : undefined}
      </div>
    </div>
  );
}

function FailedFace({ retry }: { readonly retry: () => void }) {
  const problem = useAppState((state) => state.problems.find(({ code }) => code === "viewer-failed"));
  return (
    <div className="dv-face" role="alert">
      <h2>The volume viewer did not start</h2>
      <p>
        {problem?.message ?? "It needs WebGL 2, which this browser or its graphics driver does not give."} The charts
        and scores work without it.
      </p>
      <button type="button" className="dv-button" onClick={retry}>
        Try again
      </button>
    </div>
  );
}

const seeSetting = "What to set there stands among the problems, to be copied.";

function UnreadableFace({ run }: { readonly run: RunState }) {
  const problem = useAppState((state) => problemsOf(state, run).find(({ severity }) => severity === "error"));
  const { retryRun, setPanel, closeRuns } = useCommands();
  const embed = useAppState((state) => state.embed);
  return (
    <div className="dv-face" role="alert">
      <h2>{run.name} could not be opened</h2>
      <p>{problem?.message ?? `Nothing that DaCapo writes was found under ${run.url}.`}</p>
      {problem?.hint === undefined ? undefined : <p>{problem.setting === undefined ? problem.hint : seeSetting}</p>}
      <div className="dv-face-actions">
        {embed ? undefined : (
          <button type="button" className="dv-button" onClick={() => setPanel({ open: true, tab: "problems" })}>
            See the problems
          </button>
        )}
        <button type="button" className="dv-button" data-variant="accent" onClick={() => void retryRun(run.id)}>
          Try again
        </button>
        {embed ? undefined : (
          <button type="button" className="dv-button" onClick={() => closeRuns()}>
            Open another
          </button>
        )}
      </div>
    </div>
  );
}

function NothingFace({ run }: { readonly run: RunState }) {
  const interval = run.config.status === "ready" ? run.config.value.validationInterval : undefined;
  return (
    <div className="dv-face">
      <h2>No validation volumes yet</h2>
      <p>
        {whyNothing(run)}
        {run.phase === "training" && interval !== undefined
          ? ` It validates every ${toCount(interval)} iterations; the volumes appear here by themselves.`
          : ""}
      </p>
      {run.hasSnapshots ? <ShowSnapshots run={run} /> : undefined}
    </div>
  );
}

function ShowSnapshots({ run }: { readonly run: RunState }) {
  const { select } = useCommands();
  if (run.snapshots?.status === "absent") return <p>Its snapshot.zarr holds no whole snapshot yet.</p>;
  return (
    <button type="button" className="dv-button" data-variant="accent" onClick={() => select({ snapshot: "latest" })}>
      Show the training snapshots
    </button>
  );
}

function whyNothing(run: RunState): string {
  if (shownIterations(run).length > 0)
    return "This run has scores, but no validation.zarr was found beside them: the volumes were deleted or lie elsewhere.";
  const snapshots = run.hasSnapshots ? " Its snapshot.zarr holds batches that were seen in training." : "";
  return `DaCapo writes volumes when it validates, and this run has not been validated.${snapshots}`;
}
