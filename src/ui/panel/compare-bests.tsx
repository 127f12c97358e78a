import { isBetter } from "#dacapo/scores-array.ts";
import type { RunState } from "#state/app-state.ts";
import { bestOf, scoresOf } from "#state/selectors.ts";
import { useCommands } from "../app-context.ts";
import { toTableCsv } from "../charts/series/csv.ts";
import { toArrow, toCount, toScore } from "../words.ts";
import { ExportButtons } from "./export-buttons.tsx";

type Props = {
  readonly runs: readonly RunState[];
  readonly criterion: string;
  readonly hovered: string | undefined;
  readonly onHover: (id: string | undefined) => void;
};

/** Each run's best score of the criterion on each dataset; a click shows its volumes. */
export function CompareBests({ runs, criterion, hovered, onHover }: Props) {
  const { select } = useCommands();
  const up = runs.flatMap((run) => directionOf(run, criterion) ?? [])[0] ?? true;
  const rows = runs.flatMap((run) => toRows(run, criterion));
  const best = rows.reduce((found, { score }) => (isBetter(score, found, up) ? score : found), Number.NaN);
  const csv = () =>
    toTableCsv(
      ["run", "dataset", criterion, "iteration", "parameters"],
      rows.map(({ run, dataset, score, iteration, parameters }) => [
        run.name,
        dataset,
        score,
        iteration ?? "",
        parameters ?? "",
      ]),
    );
  return (
    <div className="dv-table-scroll dv-compare-chart">
      <ExportButtons what="the table of bests" name={`best_${criterion}_of_runs`} csv={csv} />
      <table className="dv-table" aria-label={`Best ${criterion}`}>
        <thead>
          <tr>
            <th scope="col">run</th>
            <th scope="col">dataset</th>
            <th scope="col">
              {criterion} {toArrow(up)}
            </th>
            <th scope="col">iteration</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ run, dataset, score, iteration, parameters }) => (
            <tr
              key={`${run.id} ${dataset}`}
              data-shown={hovered === run.id || undefined}
              onPointerEnter={() => onHover(run.id)}
              onPointerLeave={() => onHover(undefined)}
            >
              <td>
                {iteration === undefined ? (
                  run.name
                ) : (
                  <button
                    type="button"
                    className="dv-cell"
                    title={`Show the volumes of ${run.name} at ${iteration} with ${parameters}`}
                    onClick={() => select({ run: run.id, dataset, criterion, iteration, parameters })}
                  >
                    {run.name}
                  </button>
                )}
              </td>
              <td>{dataset}</td>
              <td>
                {score === best ? "★ " : ""}
                {toScore(score)}
              </td>
              <td>{iteration === undefined ? "–" : toCount(iteration)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

type Row = {
  readonly run: RunState;
  readonly dataset: string;
  readonly score: number;
  readonly iteration?: number;
  readonly parameters?: string;
};

/** A run without such scores has a row that says so. */
function toRows(run: RunState, criterion: string): readonly Row[] {
  const found = (scoresOf(run)?.scores.datasets ?? []).flatMap((dataset): Row[] => {
    const best = bestOf(run, dataset, criterion);
    return best === undefined ? [] : [{ run, ...best }];
  });
  return found.length > 0 ? found : [{ run, dataset: "–", score: Number.NaN }];
}

function directionOf(run: RunState, criterion: string): boolean | undefined {
  const criteria = scoresOf(run)?.scores.evaluationScores.criteria ?? [];
  return criteria.find(({ name }) => name === criterion)?.higherIsBetter;
}
