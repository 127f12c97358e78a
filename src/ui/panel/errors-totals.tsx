import { splitCriterionName } from "#dacapo/evaluation-scores.ts";
import type { ErrorsTarget, RunState } from "#state/app-state.ts";
import { storedScoresOf } from "#state/stored-scores.ts";
import { toCount, toScore, toShortNumber } from "../words.ts";
import type { ErrorReport } from "./error-rows.ts";

type Total = ErrorReport["totals"][number];

type Props = {
  readonly run: RunState;
  readonly target: ErrorsTarget;
  readonly report: ErrorReport;
  readonly reach: number | undefined;
};

/** Those that say most at a glance; the others are folded. */
const first = ["voi_split", "voi_merge", "voi", "dice", "mean_false_positive_distance", "mean_false_negative_distance"];

/** The scores as they were computed here, beside those that DaCapo stored of the same output. */
export function ErrorsTotals({ run, target, report, reach }: Props) {
  const stored = storedScoresOf(run, target);
  const isFirst = ({ criterion }: Total) => first.includes(splitCriterionName(criterion).base);
  const rest = report.totals.filter((total) => !isFirst(total));
  return (
    <>
      <TotalsTable label="Totals" totals={report.totals.filter(isFirst)} stored={stored} />
      {rest.length === 0 ? undefined : (
        <details className="dv-details">
          <summary>{toCount(rest.length)} more criteria</summary>
          <TotalsTable label="More totals" totals={rest} stored={stored} />
        </details>
      )}
      <p className="dv-dim dv-small">{toNote(report, reach, stored)}</p>
    </>
  );
}

function toNote(report: ErrorReport, reach: number | undefined, stored: unknown): string {
  const unknown = stored === undefined ? " DaCapo has stored no scores that are known to be of this output." : "";
  if (report.kind === "instance")
    return `The shares of all objects and of both backgrounds sum to the totals.${unknown}`;
  const { falsePositive, falseNegative } = report.voxels;
  const counts = `${toCount(falsePositive)} false positive and ${toCount(falseNegative)} false negative voxels in ${toCount(report.regions.length)} regions.`;
  const limit =
    reach === undefined
      ? ""
      : ` Distances are told up to ${toShortNumber(reach)} nm, as the volume is compared in blocks.`;
  return `${counts}${limit}${unknown}`;
}

type TableProps = {
  readonly label: string;
  readonly totals: readonly Total[];
  readonly stored: ReadonlyMap<string, number> | undefined;
};

function TotalsTable({ label, totals, stored }: TableProps) {
  return (
    <table className="dv-errors-totals" aria-label={label}>
      <thead>
        <tr className="dv-errors-totals-head">
          <th scope="col">criterion</th>
          <th scope="col">here</th>
          <th scope="col">DaCapo</th>
        </tr>
      </thead>
      <tbody>
        {totals.map(({ criterion, value }) => (
          <tr key={criterion}>
            <th scope="row">{criterion}</th>
            <td>{toScore(value)}</td>
            <Stored value={value} stored={stored?.get(criterion)} />
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** Single precision and another order of summation are no difference. */
const tolerance = 1e-6;

function Stored({ value, stored }: { readonly value: number; readonly stored: number | undefined }) {
  if (stored === undefined) return <td className="dv-dim">–</td>;
  const isSame = Object.is(value, stored) || Math.abs(value - stored) <= tolerance * Math.max(1, Math.abs(stored));
  const title = isSame ? "the same as DaCapo stored" : "DaCapo stored another value for this output";
  return (
    <td title={title} data-differs={!isSame || undefined}>
      {toScore(stored)}
      {isSame ? " =" : " ≠"}
    </td>
  );
}
