import { FlaskConical } from "lucide-react";
import { useState } from "react";
import { useAppState, useCommands } from "../app-context.ts";
import { RunItem } from "./run-item.tsx";

/** The runs of the base directory that was opened. */
export function BaseRuns() {
  const base = useAppState((state) => state.base);
  if (base.status === "loading") return <BaseSkeleton />;
  if (base.status !== "ready") return undefined;
  return <RunsOf url={base.value.url} runs={base.value.runs} />;
}

function RunsOf({ url, runs }: { readonly url: string; readonly runs: readonly string[] }) {
  const [filter, setFilter] = useState("");
  const { openRuns } = useCommands();
  const found = runs.filter((name) => name.toLowerCase().includes(filter.toLowerCase()));
  return (
    <section aria-label="Runs of this directory">
      <h2>
        {runs.length} {runs.length === 1 ? "run" : "runs"} in <span className="dv-dim dv-breakable">{url}</span>
      </h2>
      {runs.length === 0 ? (
        <p className="dv-dim">Neither configs/runs nor a folder of a run was found there.</p>
      ) : undefined}
      {runs.length > 8 ? (
        <input
          className="dv-input"
          type="search"
          placeholder="Find by name"
          aria-label="Find a run by name"
          value={filter}
          onChange={(event) => setFilter(event.target.value)}
          style={{ marginBottom: 8, width: "100%" }}
        />
      ) : undefined}
      <ul className="dv-run-list">
        {found.map((name) => (
          <RunItem
            key={name}
            Icon={FlaskConical}
            name={name}
            onClick={() => void openRuns([`${url}/${encodeURIComponent(name)}`])}
          />
        ))}
      </ul>
    </section>
  );
}

function BaseSkeleton() {
  return (
    <div role="status" aria-label="Looking for runs" style={{ display: "grid", gap: 8 }}>
      <span className="dv-skeleton" style={{ height: 18, width: "40%" }} />
      <span className="dv-skeleton" style={{ height: 120 }} />
    </div>
  );
}
