import { type ReactNode, useMemo } from "react";
import type { Marked } from "./series/marked-scores.ts";
import { formatCount, formatValue } from "./series/numbers.ts";
import { coincidingLines, type ScoreLine } from "./series/score-lines.ts";

type ReadoutProps = {
  readonly marked: Marked | undefined;
  readonly criterion: string;
  readonly arrow: string;
  /** What the score is of, where it is not the one under the cursor. */
  readonly what: string | undefined;
};

/** The score under the cursor; the shown one while there is none. */
export function ScoreReadout({ marked, criterion, arrow, what }: ReadoutProps) {
  return (
    <p className="chart-readout" aria-live={what === undefined ? "polite" : "off"}>
      <span>
        {criterion} <b>{arrow}</b>
        {marked && (
          <>
            {" "}
            <b>{formatValue(marked.value)}</b>
          </>
        )}
      </span>
      {marked && (
        <>
          <span>
            {what && `${what}: `}iteration <b>{formatCount(marked.iteration)}</b>
          </span>
          <span>{marked.line.dataset}</span>
          <span>{marked.line.shortParameters}</span>
        </>
      )}
    </p>
  );
}

type NotesProps = {
  readonly lines: readonly ScoreLine[];
  /** How many iterations have no scores. */
  readonly unscored: number;
  readonly arrow: string;
  readonly children: ReactNode;
};

/** How to read the chart, and what of it cannot be seen. */
export function ScoreNotes({ lines, unscored, arrow, children }: NotesProps) {
  const missing = useMemo(() => countMissing(lines), [lines]);
  const coinciding = useMemo(() => coincidingLines(lines), [lines]);
  return (
    <p className="chart-notes">
      <span>{arrow === "↑" ? "↑ higher is better" : "↓ lower is better"}</span>
      <span>★ best</span>
      <span>◯ shown</span>
      {missing > 0 && <span>{formatCount(missing)} not finite (× at the edge)</span>}
      {unscored > 0 && <span>{formatCount(unscored)} without scores (hollow, on the axis)</span>}
      {coinciding.map((group) => (
        <span key={group[0]?.label}>equal, drawn on each other: {group.map((line) => line.label).join(", ")}</span>
      ))}
      {children}
    </p>
  );
}

function countMissing(lines: readonly ScoreLine[]): number {
  return lines.reduce((count, line) => count + line.values.filter((value) => !Number.isFinite(value)).length, 0);
}
