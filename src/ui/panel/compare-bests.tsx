import { isBetter } from "#dacapo/scores-array.ts";
import type { RunState } from "#state/app-state.ts";
import { bestOf, scoresOf } from "#state/selectors.ts";
import { useCommands } from "../app-context.ts";
import { toTableCsv } from "../charts/series/csv.ts";
import { momentsOf } from "../charts/series/mean-curve.ts";
import { ScrollBox } from "../parts/scroll-box.tsx";
import { toArrow, toCount, toScore } from "../words.ts";
import { ExportButtons } from "./export-buttons.tsx";

type Props = {
  readonly runs: readonly RunState[];
  /** Indices of runs that are repetitions of each other. */
  readonly groups: readonly (readonly number[])[] | undefined;
  readonly criterion: string;
  readonly hovered: string | undefined;
  readonly onHover: (id: string | undefined) => void;
};

/** Each run's best score of the criterion on each dataset; a click shows its volumes. */
export function CompareBests({ runs, groups, criterion, hovered, onHover }: Props) {
  const up = runs.flatMap((run) => directionOf(run, criterion) ?? [])[0] ?? true;
  const rows = (groups ?? runs.map((_, index) => [index])).flatMap((group) => {
    const members = group.flatMap((index) => runs[index] ?? []).flatMap((run) => toRows(run, criterion));
    return group.length > 1 ? [...members, ...toMeans(members)] : members;
  });
  const ownScores = rows.filter(({ spread }) => spread === undefined);
  const best = ownScores.reduce((found, { score }) => (isBetter(score, found, up) ? score : found), Number.NaN);
  const csv = () =>
    toTableCsv(
      ["run", "dataset", criterion, "standard deviation", "iteration", "parameters"],
      rows.map(({ name, dataset, score, spread, iteration, parameters }) => [
        name,
        dataset,
        score,
        spread ?? "",
        iteration ?? "",
        parameters ?? "",
      ]),
    );
  return (
    <section className="dv-section" aria-label="Bests">
      <h3>
        Best {criterion} {toArrow(up)}
        <ExportButtons what="the table of bests" name={`best_${criterion}_of_runs`} csv={csv} />
      </h3>
      <ScrollBox label="Table of bests">
        <table className="dv-table" aria-label={`Best ${criterion}`}>
          <thead>
            <tr>
              <th scope="col">run</th>
              <th scope="col">dataset</th>
              <th scope="col">
                {criterion} {toArrow(up)}
              </th>
              <th scope="col">iteration</th>
              <th scope="col">
                <span className="dv-visually-hidden">compare volumes</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr
                key={`${row.run.id} ${row.dataset} ${row.name}`}
                data-shown={hovered === row.run.id || undefined}
                onPointerEnter={() => onHover(row.run.id)}
                onPointerLeave={() => onHover(undefined)}
              >
                <td data-plain={row.iteration === undefined || undefined}>
                  {row.iteration === undefined ? row.name : <ShowButton row={row} criterion={criterion} />}
                </td>
                <td data-plain>{row.dataset}</td>
                <td data-plain>
                  {row.score === best && row.spread === undefined ? "★ " : ""}
                  {toScore(row.score)}
                  {row.spread === undefined ? "" : ` ± ${toScore(row.spread)}`}
                </td>
                <td data-plain>{row.iteration === undefined ? "–" : toCount(row.iteration)}</td>
                <td>{row.iteration === undefined ? undefined : <CompareButton row={row} />}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollBox>
    </section>
  );
}

function ShowButton({ row, criterion }: { readonly row: Row; readonly criterion: string }) {
  const { select } = useCommands();
  const { run, dataset, iteration, parameters } = row;
  return (
    <button
      type="button"
      className="dv-cell"
      title={`Show the volumes of ${run.name} at ${iteration} with ${parameters}`}
      onClick={() => select({ run: run.id, dataset, criterion, iteration, parameters })}
    >
      {run.name}
    </button>
  );
}

function CompareButton({ row: { run, iteration, parameters } }: { readonly row: Row }) {
  const { compare } = useCommands();
  return (
    <button
      type="button"
      className="dv-cell"
      title={`Compare what is shown with ${run.name} at ${iteration}`}
      onClick={() => compare({ run: run.id, iteration, parameters })}
    >
      as B
    </button>
  );
}

type Row = {
  /** Of repetitions the first. */
  readonly run: RunState;
  readonly name: string;
  readonly dataset: string;
  readonly score: number;
  /** Standard deviation: the score is a mean of repetitions. */
  readonly spread?: number;
  readonly iteration?: number;
  readonly parameters?: string;
};

/** A run without such scores has a row that says so. */
function toRows(run: RunState, criterion: string): readonly Row[] {
  const found = (scoresOf(run)?.scores.datasets ?? []).flatMap((dataset): Row[] => {
    const best = bestOf(run, dataset, criterion);
    return best === undefined ? [] : [{ run, name: run.name, ...best }];
  });
  return found.length > 0 ? found : [{ run, name: run.name, dataset: "–", score: Number.NaN }];
}

/** For each dataset the mean of the repetitions' bests. */
function toMeans(members: readonly Row[]): readonly Row[] {
  const [first] = members;
  if (first === undefined) return [];
  const datasets = new Set(members.filter(({ iteration }) => iteration !== undefined).map(({ dataset }) => dataset));
  return [...datasets].map((dataset) => {
    const scores = members.filter((row) => row.dataset === dataset).map(({ score }) => Float64Array.of(score));
    const { center, deviation } = momentsOf(scores, 0);
    return { run: first.run, name: `mean of ${scores.length} repetitions`, dataset, score: center, spread: deviation };
  });
}

function directionOf(run: RunState, criterion: string): boolean | undefined {
  const criteria = scoresOf(run)?.scores.evaluationScores.criteria ?? [];
  return criteria.find(({ name }) => name === criterion)?.higherIsBetter;
}
