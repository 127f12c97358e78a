import type { RunConfig } from "#dacapo/run-config.ts";
import type { RunState } from "#state/app-state.ts";
import { useRun } from "../app-context.ts";
import { ConfigArchitecture } from "./config-architecture.tsx";
import { ConfigData } from "./config-data.tsx";
import { toDataSplitFacts, toTaskFacts, toTrainingFacts } from "./config-facts.ts";
import { ConfigSettings, SettingsProvider } from "./config-settings.tsx";
import { ConfigYaml } from "./config-yaml.tsx";
import { type Fact, Facts } from "./facts.tsx";
import { PanelSkeleton } from "./panel-skeleton.tsx";
import "./config.css";

/** The run's config, readable: task, network, training, data, and its YAML. */
export default function ConfigPanel() {
  const run = useRun();
  if (run === undefined) return undefined;
  const { config } = run;
  if (config.status === "loading" || (config.status === "idle" && run.status === "loading"))
    return <PanelSkeleton text="Reading the run's config" />;
  return (
    <SettingsProvider text={run.configText}>
      {config.status === "ready" ? <Known run={run} config={config.value} /> : <NoConfig run={run} />}
      {run.configText === undefined ? undefined : <ConfigYaml name={run.name} text={run.configText} />}
    </SettingsProvider>
  );
}

function Known({ run, config }: { readonly run: RunState; readonly config: RunConfig }) {
  return (
    <>
      <Section title="Task" facts={toTaskFacts(config)} of="task_config" />
      <ConfigArchitecture config={config} />
      <Section title="Training" facts={toTrainingFacts(config)} of="trainer_config" />
      <section className="dv-section" aria-label="Data">
        <h3>Data</h3>
        <Facts facts={toDataSplitFacts(config, run.datasets)} />
        <ConfigData run={run} />
      </section>
      <Section title="Written by" facts={[["release", run.release ?? "not recognised"]]} />
    </>
  );
}

type SectionProps = { readonly title: string; readonly facts: readonly Fact[]; readonly of?: string };

function Section({ title, facts, of }: SectionProps) {
  return (
    <section className="dv-section" aria-label={title}>
      <h3>{title}</h3>
      <Facts facts={facts} />
      {of === undefined ? undefined : <ConfigSettings of={of} />}
    </section>
  );
}

function NoConfig({ run }: { readonly run: RunState }) {
  const { config } = run;
  return (
    <div className="dv-empty">
      <h3>{config.status === "failed" ? "The run's config could not be read" : "No config was found"}</h3>
      <p>
        {config.status === "failed"
          ? config.problem.message
          : `configs/runs/${run.name}.yaml is not beside this run, so task and network are unknown; volumes and charts are shown as their files say.`}
      </p>
    </div>
  );
}
