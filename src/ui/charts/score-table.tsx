import { memo } from "react";
import { formatCount, formatValue } from "./series/numbers.ts";
import type { ScoreLine } from "./series/score-lines.ts";

/** Rows that are worth reading out; the last ones are the newest. */
const ROWS = 50;

type TableProps = { readonly lines: readonly ScoreLine[]; readonly caption: string };

/** The drawn scores as a table for those who do not see the drawing. */
export const ScoreTable = memo(function ScoreTable({ lines, caption }: TableProps) {
  const iterations = lines[0]?.iterations ?? [];
  const start = Math.max(0, iterations.length - ROWS);
  return (
    <div className="chart-hidden">
      <table>
        <caption>{start > 0 ? `${caption}, last ${ROWS} of ${formatCount(iterations.length)}` : caption}</caption>
        <thead>
          <tr>
            <th scope="col">iteration</th>
            {lines.map((line) => (
              <th key={`${line.datasetIndex} ${line.parametersIndex}`} scope="col">
                {line.label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {iterations.slice(start).map((iteration, row) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: an iteration that was validated twice has two rows
            <tr key={`${iteration} ${row}`}>
              <th scope="row">{formatCount(iteration)}</th>
              {lines.map((line) => (
                <td key={`${line.datasetIndex} ${line.parametersIndex}`}>
                  {formatValue(line.values[start + row] ?? Number.NaN)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
});
