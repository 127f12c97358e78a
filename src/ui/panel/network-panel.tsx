import type { RunState } from "#state/app-state.ts";
import { useCommands, useRun } from "../app-context.ts";
import { type Fact, Facts } from "./facts.tsx";
import { InferenceSection } from "./inference-section.tsx";
import { PanelSkeleton } from "./panel-skeleton.tsx";

/** The network to run, and what is there of it. */
export default function NetworkPanel() {
  const run = useRun();
  if (run === undefined) return undefined;
  if (run.status === "loading" || run.config.status === "loading")
    return <PanelSkeleton text="Looking for the run's network" />;
  return (
    <>
      <InferenceSection run={run} />
      <Stored run={run} />
    </>
  );
}

function Stored({ run }: { readonly run: RunState }) {
  const { setPanel } = useCommands();
  return (
    <section className="dv-section" aria-label="Stored by the run">
      <h3>Stored by the run</h3>
      <Facts facts={toStoredFacts(run)} />
      <p>
        <button type="button" className="dv-button" onClick={() => setPanel({ tab: "config" })}>
          How it is built and was trained
        </button>
      </p>
    </section>
  );
}

function toStoredFacts({ checkpoints, hasSnapshots }: RunState): readonly Fact[] {
  return [
    ["checkpoints", checkpoints.length === 0 ? "none found" : checkpoints.join(", ")],
    ["snapshots", hasSnapshots ? "yes" : "no"],
  ];
}
