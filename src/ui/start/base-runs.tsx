import { useAppState } from "../app-context.ts";
import { RunTable } from "../runs/run-table.tsx";

/** The runs of the base directory that was opened. */
export function BaseRuns() {
  const base = useAppState((state) => state.base);
  if (base.status === "loading") return <BaseSkeleton />;
  if (base.status !== "ready") return undefined;
  return <RunsOf url={base.value.url} runs={base.value.runs} />;
}

function RunsOf({ url, runs }: { readonly url: string; readonly runs: readonly string[] }) {
  return (
    <section className="dv-start-wide" aria-label="Runs of this directory">
      <h2>
        {runs.length} {runs.length === 1 ? "run" : "runs"} in <span className="dv-dim dv-breakable">{url}</span>
      </h2>
      {runs.length === 0 ? (
        <p className="dv-dim">Neither configs/runs nor a folder of a run was found there.</p>
      ) : (
        <RunTable key={url} url={url} names={runs} />
      )}
    </section>
  );
}

function BaseSkeleton() {
  return (
    <div className="dv-start-wide" role="status" aria-label="Looking for runs" style={{ display: "grid", gap: 8 }}>
      <span className="dv-skeleton" style={{ height: 18, width: "40%" }} />
      <span className="dv-skeleton" style={{ height: 120 }} />
    </div>
  );
}
