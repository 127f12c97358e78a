import { useState } from "react";
import type { TrainingStats } from "#dacapo/training-stats.ts";
import type { RunState } from "#state/app-state.ts";
import type { IterationDomain, TimeChartProps } from "../charts/chart-props.ts";
import { TimeChart } from "../charts/time-chart.tsx";

type Props = {
  readonly run: RunState;
  readonly stats: TrainingStats;
  readonly domain: IterationDomain | undefined;
  readonly onDomainChange: (domain: IterationDomain | undefined) => void;
  readonly smoothing: number;
  readonly shownIteration: number | undefined;
  readonly validationIterations: readonly number[];
  readonly onSelectIteration: (iteration: number) => void;
};

/** Seconds an iteration takes, or how many (batches, samples) go through in a second. */
export function TimeSection({ run, ...chart }: Props) {
  const [mode, setMode] = useState<TimeChartProps["mode"]>("seconds");
  const batchSize = run.config.status === "ready" ? run.config.value.batchSize : undefined;
  return (
    <section className="dv-section" aria-label="Time">
      <h3>
        Time
        <select
          className="dv-select"
          aria-label="What the time chart shows"
          value={mode}
          onChange={(event) => setMode(event.target.value === "seconds" ? "seconds" : "throughput")}
        >
          <option value="seconds">seconds an iteration</option>
          <option value="throughput">{batchSize === undefined ? "iterations" : "samples"} a second</option>
        </select>
      </h3>
      <TimeChart {...chart} mode={mode} batchSize={batchSize} height={140} />
    </section>
  );
}
