import { useMemo, useRef, useState } from "react";
import type { TrainingStats } from "#dacapo/training-stats.ts";
import type { RunState } from "#state/app-state.ts";
import { scrubOf, validationIterations } from "#state/selectors.ts";
import { useApp, useCommands, useRun, useShown } from "../app-context.ts";
import type { IterationDomain } from "../charts/chart-props.ts";
import { LossChart } from "../charts/loss-chart.tsx";
import { ExportButtons } from "./export-buttons.tsx";
import { LossOptions, type LossView, standardLossView } from "./loss-options.tsx";
import { PanelSkeleton } from "./panel-skeleton.tsx";
import { RunEvents } from "./run-events.tsx";
import { SnapshotLine } from "./snapshot-line.tsx";
import { TimeSection } from "./time-section.tsx";

export default function LossPanel() {
  const run = useRun();
  if (run === undefined) return undefined;
  const { training } = run;
  if (training.status === "loading" || (training.status === "idle" && run.status === "loading")) {
    const progress = training.status === "loading" ? training.progress : undefined;
    return <PanelSkeleton text="Reading the training stats" progress={progress} />;
  }
  if (training.status !== "ready" || training.value.iterations.length === 0) return <LossEmpty run={run} />;
  return <Loss run={run} stats={training.value} />;
}

function LossEmpty({ run }: { readonly run: RunState }) {
  const { training } = run;
  if (training.status === "failed") {
    return (
      <div className="dv-empty">
        <h3>The training stats could not be read</h3>
        <p>{training.problem.message}</p>
      </div>
    );
  }
  return (
    <div className="dv-empty">
      <h3>No losses yet</h3>
      <p>DaCapo writes stats/training_stats/{run.name} at each checkpoint and at the end; none is there.</p>
    </div>
  );
}

type Props = { readonly run: RunState; readonly stats: TrainingStats };

function Loss({ run, stats }: Props) {
  const chart = useRef<HTMLDivElement>(null);
  const [view, setView] = useState<LossView>(standardLossView);
  const [domain, setDomain] = useState<IterationDomain | undefined>(undefined);
  const selectNearest = useSelectNearest();
  const { iteration, snapshot } = useShown();
  const validated = useMemo(() => validationIterations(run), [run]);
  const shared = {
    stats,
    domain,
    onDomainChange: setDomain,
    shownIteration: snapshot ?? iteration,
    validationIterations: validated,
  };
  return (
    <>
      <LossOptions view={view} onChange={setView}>
        <ExportButtons
          name={`${run.name}_training_stats`}
          subtitle={run.name}
          chart={chart}
          csv={async () => (await import("../charts/series/csv.ts")).toTrainingCsv(stats)}
        />
      </LossOptions>
      <div ref={chart} className="dv-chart-space">
        <LossChart
          {...shared}
          scale={view.scale}
          smoothing={view.smoothing}
          showBand={view.band}
          onSelectIteration={selectNearest}
          height={240}
        />
      </div>
      {run.hasSnapshots ? <SnapshotLine run={run} stats={stats} /> : undefined}
      <TimeSection {...shared} run={run} smoothing={view.smoothing} onSelectIteration={selectNearest} />
      <RunEvents run={run} />
    </>
  );
}

/** A click in a trace shows the validated iteration, or the snapshot, nearest to it. */
function useSelectNearest(): (iteration: number) => void {
  const { select } = useCommands();
  const app = useApp();
  return (clicked) => {
    const { all, toPart } = scrubOf(app.store.getState());
    const nearest = all.reduce<number | undefined>(
      (best, each) => (best === undefined || Math.abs(each - clicked) < Math.abs(best - clicked) ? each : best),
      undefined,
    );
    if (nearest !== undefined) select(toPart(nearest));
  };
}
