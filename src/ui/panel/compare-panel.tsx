import { type ComponentProps, useMemo, useRef, useState } from "react";
import { trainedUntil } from "#dacapo/training-stats.ts";
import type { RunState } from "#state/app-state.ts";
import { groupRepetitions, nameRepetitions } from "#state/repetitions.ts";
import { criteriaOf, scoresOf } from "#state/selectors.ts";
import { useShallowState } from "../app-context.ts";
import { type RunSeries, RunsChart } from "../charts/runs-chart.tsx";
import { toMeanCurve } from "../charts/series/mean-curve.ts";
import { type RunAxis, toLossCurve, toScoreCurve } from "../charts/series/run-curves.ts";
import { CompareBests } from "./compare-bests.tsx";
import { toSeriesCsv } from "./compare-csv.ts";
import { CompareSettings } from "./compare-settings.tsx";
import { ExportButtons } from "./export-buttons.tsx";
import { type Compared, useCompared } from "./use-compared.ts";
import "./compare.css";
import { ChoiceField } from "../parts/choice-field.tsx";

const smoothing = 50;

/** The open runs beside each other: curves, bests, and the settings in which they differ. */
export default function ComparePanel() {
  const runs = useShallowState((state) => state.runOrder.flatMap((id) => state.runs[id] ?? []));
  const [axis, setAxis] = useState<RunAxis>("iterations");
  const [log, setLog] = useState(false);
  const [hovered, setHovered] = useState<string>();
  const offered = useMemo(() => [...new Set(runs.flatMap((run) => criteriaOf(run)))], [runs]);
  const [chosen, setChosen] = useState<string>();
  const criterion = chosen !== undefined && offered.includes(chosen) ? chosen : standard(runs, offered);
  const compared = useCompared(runs);
  const repeated = useMemo(() => toRepeated(compared, runs.length), [compared, runs.length]);
  const [together, setTogether] = useState(true);
  const groups = together && repeated !== undefined ? repeated : undefined;
  const losses = useMemo(
    () =>
      toGroups(
        runs.map((run, index) => toLosses(run, index, axis)),
        groups,
      ),
    [runs, axis, groups],
  );
  const scores = useMemo(
    () =>
      toGroups(
        runs.map((run, index) => toScores(run, index, criterion, axis)),
        groups,
      ),
    [runs, criterion, axis, groups],
  );
  const lead = leadOf(runs, groups, hovered);
  const common = { axis, hovered: lead, onHover: setHovered };
  return (
    <div className="dv-compare">
      <div className="dv-row">
        <label className="dv-check">
          <input type="checkbox" checked={log} onChange={(event) => setLog(event.target.checked)} />
          log loss
        </label>
        {repeated === undefined ? undefined : (
          <label className="dv-check" title="Runs of which only the name and the number of the repetition differ">
            <input type="checkbox" checked={together} onChange={(event) => setTogether(event.target.checked)} />
            repetitions together
          </label>
        )}
        <ChoiceField
          label="against"
          name="Axis"
          value={axis}
          onChange={(value) => setAxis(value === "hours" ? "hours" : "iterations")}
        >
          <option value="iterations">iterations</option>
          <option value="hours">hours of training</option>
        </ChoiceField>
      </div>
      <Chart title="loss" series={losses} log={log} smoothing={smoothing} {...common} />
      {criterion === undefined ? (
        <p className="dv-dim">None of these runs has validation scores.</p>
      ) : (
        <>
          <ChoiceField label="criterion" name="Compared criterion" value={criterion} onChange={setChosen}>
            {offered.map((each) => (
              <option key={each}>{each}</option>
            ))}
          </ChoiceField>
          <Chart title={criterion} series={scores} {...common} />
          <CompareBests runs={runs} groups={groups} criterion={criterion} hovered={hovered} onHover={setHovered} />
        </>
      )}
      <CompareSettings runs={runs} compared={compared} />
    </div>
  );
}

/** Undefined where every run has a configuration of its own. */
function toRepeated(compared: Compared, count: number): readonly (readonly number[])[] | undefined {
  if (compared.status !== "ready") return undefined;
  const groups = groupRepetitions(compared.fields, count);
  return groups.length < count ? groups : undefined;
}

/** The run whose curve stands for the one under the pointer. */
function leadOf(
  runs: readonly RunState[],
  groups: readonly (readonly number[])[] | undefined,
  hovered: string | undefined,
): string | undefined {
  const index = runs.findIndex(({ id }) => id === hovered);
  const group = groups?.find((members) => members.includes(index));
  return group === undefined ? hovered : runs[group[0] ?? index]?.id;
}

/** A curve each, of repetitions their mean with what they spread over. */
function toGroups(
  series: readonly RunSeries[],
  groups: readonly (readonly number[])[] | undefined,
): readonly RunSeries[] {
  if (groups === undefined) return series;
  return groups.flatMap((indices) => {
    const members = indices.flatMap((index) => series[index] ?? []);
    const [first] = members;
    if (first === undefined || members.length === 1) return members;
    const { curve, low, high } = toMeanCurve(members.map((member) => member.curve));
    return [{ ...first, name: nameRepetitions(members.map(({ name }) => name)), curve, spread: { low, high } }];
  });
}

/** With its values to save. */
function Chart(props: ComponentProps<typeof RunsChart>) {
  const { title, axis, series } = props;
  const chart = useRef<HTMLDivElement>(null);
  return (
    <div className="dv-compare-chart">
      <ExportButtons
        what={`the ${title} chart`}
        name={`${title}_of_runs`}
        chart={chart}
        csv={() => toSeriesCsv(series, axis, title)}
      />
      <div ref={chart}>
        <RunsChart {...props} />
      </div>
    </div>
  );
}

/** That of the first run that has one: f1 of masks, voi of instances. */
function standard(runs: readonly RunState[], offered: readonly string[]): string | undefined {
  const wanted = runs.flatMap((run) => criteriaOf(run).find((name) => /(^|__)(f1_score|voi)$/.test(name)) ?? []);
  return wanted[0] ?? offered[0];
}

function statsOf({ training }: RunState) {
  return training.status === "ready" && trainedUntil(training.value) > 0 ? training.value : undefined;
}

const none = { xs: new Float64Array(0), ys: new Float64Array(0) };

function toLosses(run: RunState, color: number, axis: RunAxis): RunSeries {
  const stats = statsOf(run);
  return { id: run.id, name: run.name, color, curve: stats === undefined ? none : toLossCurve(stats, axis) };
}

function toScores(run: RunState, color: number, criterion: string | undefined, axis: RunAxis): RunSeries {
  const scores = scoresOf(run)?.scores;
  const curve =
    scores === undefined || criterion === undefined ? none : toScoreCurve(scores, criterion, statsOf(run), axis);
  return { id: run.id, name: run.name, color, curve };
}
