import type { RunConfig } from "#dacapo/run-config.ts";
import type { RunState } from "#state/app-state.ts";
import { useRun } from "../app-context.ts";
import { ArchitectureSection } from "./architecture-section.tsx";
import { ConfigDetails } from "./config-details.tsx";
import { toDataSplitFacts, toTaskFacts, toTrainingFacts } from "./config-facts.ts";
import { type Fact, Facts } from "./facts.tsx";
import { InferenceSection } from "./inference-section.tsx";
import { PanelSkeleton } from "./panel-skeleton.tsx";

/** The network to run, and the model card of the run: task, network, training, data. */
export default function NetworkPanel() {
  const run = useRun();
  if (run === undefined) return undefined;
  const { config } = run;
  if (config.status === "loading" || (config.status === "idle" && run.status === "loading")) {
    return <PanelSkeleton text="Reading the run's config" />;
  }
  return config.status === "ready" ? <ModelCard run={run} config={config.value} /> : <NoConfig run={run} />;
}

function ModelCard({ run, config }: { readonly run: RunState; readonly config: RunConfig }) {
  return (
    <>
      <InferenceSection run={run} />
      <Section title="Task" facts={toTaskFacts(config)} />
      <ArchitectureSection config={config} />
      <Section title="Training" facts={toTrainingFacts(config)} />
      <Section title="Data" facts={toDataSplitFacts(config, run.datasets)} />
      <Section title="Written by" facts={toReleaseFacts(run)} />
      <ConfigDetails config={config} text={run.configText} />
    </>
  );
}

function Section({ title, facts }: { readonly title: string; readonly facts: readonly Fact[] }) {
  return (
    <section className="dv-section" aria-label={title}>
      <h3>{title}</h3>
      <Facts facts={facts} />
    </section>
  );
}

function toReleaseFacts({ release, checkpoints, hasSnapshots }: RunState): readonly Fact[] {
  return [
    ["release", release ?? "not recognised"],
    ["checkpoints", checkpoints.length === 0 ? "none found" : checkpoints.join(", ")],
    ["snapshots", hasSnapshots ? "yes" : "no"],
  ];
}

function NoConfig({ run }: { readonly run: RunState }) {
  const { config } = run;
  return (
    <>
      <InferenceSection run={run} />
      <div className="dv-empty">
        <h3>{config.status === "failed" ? "The run's config could not be read" : "No config was found"}</h3>
        <p>
          {config.status === "failed"
            ? config.problem.message
            : `configs/runs/${run.name}.yaml is not beside this run, so task and network are unknown; volumes and charts are shown as their files say.`}
        </p>
      </div>
    </>
  );
}
