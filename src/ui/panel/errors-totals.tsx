import { splitCriterionName } from "#dacapo/evaluation-scores.ts";
import type { ErrorsTarget, RunState } from "#state/app-state.ts";
import { storedScoresOf } from "#state/stored-scores.ts";
import { toCount, toScore } from "../words.ts";
import type { ErrorReport } from "./error-rows.ts";

type Total = ErrorReport["totals"][number];

type Props = {
  readonly run: RunState;
  readonly target: ErrorsTarget;
  readonly report: ErrorReport;
};

/** Those that say most at a glance; the others are folded. */
const first = ["voi_split", "voi_merge", "voi", "dice", "mean_false_positive_distance", "mean_false_negative_distance"];

/** The scores as they were computed here, beside those that DaCapo stored of the same output. */
export function ErrorsTotals({ run, target, report }: Props) {
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
      <p className="dv-dim dv-small">{toNote(report, stored)}</p>
    </>
  );
}

function toNote(report: ErrorReport, stored: unknown): string {
  const unknown = stored === undefined ? " DaCapo has stored no scores that are known to be of this output." : "";
  if (report.kind === "instance")
    return `The shares of all objects and of both backgrounds sum to the totals.${unknown}`;
  const { falsePositive, falseNegative } = report.voxels;
  const counts = `${toCount(falsePositive)} false positive and ${toCount(falseNegative)} false negative voxels in ${toCount(report.regions.length)} regions.`;
  const isWhole = report.totals.some(({ criterion }) => criterion.endsWith("_clipped"));
  const missing = isWhole
    ? ""
    : " What is made of clip_distance and tol_distance is left out: the run's task does not say them.";
  return `${counts}${missing}${unknown}`;
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
        {totals.map((total) => (
          <TotalRow key={total.criterion} total={total} stored={stored?.get(total.criterion)} />
        ))}
      </tbody>
    </table>
  );
}

/** Beside what was stored with an earlier SimpleITK stands what that makes of the same voxels. */
function TotalRow({ total, stored }: { readonly total: Total; readonly stored: number | undefined }) {
  const { criterion, value, former } = total;
  const isFormer = stored !== undefined && !isSame(value, stored) && former !== undefined && isSame(former, stored);
  return (
    <tr>
      <th scope="row">{criterion}</th>
      <td title={isFormer ? `as SimpleITK before 2.2 has it; since then it is ${toScore(value)}` : undefined}>
        {toScore(isFormer ? former : value)}
      </td>
      <Stored value={isFormer ? former : value} stored={stored} />
    </tr>
  );
}

/** Single precision and another order of summation are no difference. */
const tolerance = 1e-6;

function isSame(value: number, stored: number): boolean {
  return Object.is(value, stored) || Math.abs(value - stored) <= tolerance * Math.max(1, Math.abs(stored));
}

function Stored({ value, stored }: { readonly value: number; readonly stored: number | undefined }) {
  if (stored === undefined) return <td className="dv-dim">–</td>;
  const same = isSame(value, stored);
  const title = same ? "the same as DaCapo stored" : "DaCapo stored another value for this output";
  return (
    <td title={title} data-differs={!same || undefined}>
      {toScore(stored)}
      {same ? " =" : " ≠"}
    </td>
  );
}
