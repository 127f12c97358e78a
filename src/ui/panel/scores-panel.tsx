import { useCallback, useMemo, useRef, useState } from "react";
import { criterionOf } from "#dacapo/evaluation-scores.ts";
import type { RunState, ScoresState, Shown } from "#state/app-state.ts";
import { bestOf, validationIterations, volumeIterations } from "#state/selectors.ts";
import { useCommands, useRun, useShown } from "../app-context.ts";
import type { ScorePoint } from "../charts/chart-props.ts";
import { ScoresChart } from "../charts/scores-chart.tsx";
import { BestLine } from "./best-line.tsx";
import { CriterionChoice } from "./criterion-choice.tsx";
import { CriterionNotes } from "./criterion-notes.tsx";
import { ExportButtons } from "./export-buttons.tsx";
import { PanelSkeleton } from "./panel-skeleton.tsx";
import { ScoresEmpty } from "./scores-empty.tsx";
import { ScoresTable } from "./scores-table.tsx";
import "./scores.css";
import { ChoiceField } from "../parts/choice-field.tsx";

export default function ScoresPanel() {
  const run = useRun();
  const shown = useShown();
  if (run === undefined) return undefined;
  const { scores } = run;
  if (scores.status === "loading" || (scores.status === "idle" && run.status === "loading")) {
    return (
      <PanelSkeleton
        text="Reading the validation scores"
        progress={scores.status === "loading" ? scores.progress : undefined}
      />
    );
  }
  if (scores.status !== "ready" || scores.value.scores.scores.length === 0) return <ScoresEmpty run={run} />;
  return <Scores run={run} state={scores.value} shown={shown} />;
}

type Props = { readonly run: RunState; readonly state: ScoresState; readonly shown: Shown };

function Scores({ run, state, shown }: Props) {
  const { scores } = state;
  const chart = useRef<HTMLDivElement>(null);
  const [filter, setFilter] = useState("all");
  const [hovered, setHovered] = useState<Partial<ScorePoint> | undefined>(undefined);
  const { select, compare } = useCommands();
  const selectOrCompare = useCallback(
    (point: ScorePoint, compares: boolean) => {
      const { iteration, parameters } = point;
      if (compares) compare({ run: undefined, iteration, parameters });
      else select(point);
    },
    [select, compare],
  );
  const criterion = shown.criterion ?? scores.evaluationScores.criteria[0]?.name ?? "";
  const dataset = filter === "all" || scores.datasets.includes(filter) ? filter : "all";
  const best = bestOf(run, dataset === "all" ? shown.dataset : dataset, criterion);
  const withoutScores = useMemo(() => toIterationsWithoutScores(run), [run]);
  return (
    <>
      <div className="dv-row" data-line>
        <CriterionChoice scores={scores.evaluationScores} criterion={criterion} />
        <DatasetFilter datasets={scores.datasets} value={dataset} onChange={setFilter} />
        <span className="dv-grow" />
        <ExportButtons
          name={`${run.name}_validation_scores`}
          subtitle={run.name}
          chart={chart}
          csv={async () => (await import("../charts/series/csv.ts")).toScoresCsv(scores)}
        />
      </div>
      <CriterionNotes state={state} criterion={criterion} />
      <div ref={chart} className="dv-chart-space">
        <ScoresChart
          scores={scores}
          criterion={criterion}
          dataset={dataset}
          parameters="all"
          shown={toPoint(shown)}
          best={best}
          onSelect={select}
          hovered={hovered}
          iterationsWithoutScores={withoutScores}
          height={220}
        />
      </div>
      {criterionOf(scores.evaluationScores, criterion)?.meaningful === false ? undefined : (
        <BestLine run={run} scores={scores} criterion={criterion} dataset={dataset} />
      )}
      <ScoresTable
        scores={scores}
        criterion={criterion}
        dataset={dataset === "all" ? (shown.dataset ?? scores.datasets[0] ?? "") : dataset}
        shown={shown}
        best={best}
        onSelect={selectOrCompare}
        onHover={setHovered}
      />
    </>
  );
}

function toIterationsWithoutScores(run: RunState): number[] {
  const scored = new Set(validationIterations(run));
  return volumeIterations(run).filter((iteration) => !scored.has(iteration));
}

function toPoint({ iteration, dataset, parameters }: Shown): ScorePoint | undefined {
  if (iteration === undefined || dataset === undefined || parameters === undefined) return undefined;
  return { iteration, dataset, parameters };
}

type FilterProps = {
  readonly datasets: readonly string[];
  readonly value: string;
  readonly onChange: (dataset: string) => void;
};

function DatasetFilter({ datasets, value, onChange }: FilterProps) {
  if (datasets.length < 2) return undefined;
  return (
    <ChoiceField label="dataset" name="Datasets in the chart" value={value} onChange={onChange}>
      <option value="all">all datasets</option>
      {datasets.map((dataset) => (
        <option key={dataset}>{dataset}</option>
      ))}
    </ChoiceField>
  );
}
