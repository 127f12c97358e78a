import { useState } from "react";
import type { ConfigField } from "#dacapo/config-diff.ts";
import type { RunState } from "#state/app-state.ts";
import { ScrollBox } from "../parts/scroll-box.tsx";
import { toSettingsCsv } from "./compare-csv.ts";
import { ExportButtons } from "./export-buttons.tsx";
import type { Compared } from "./use-compared.ts";

/** The settings of the runs, those that differ unless all are asked for. */
export function CompareSettings({
  runs,
  compared,
}: {
  readonly runs: readonly RunState[];
  readonly compared: Compared;
}) {
  const [all, setAll] = useState(false);
  if (compared.status === "reading") return <p className="dv-dim">Reading the configurations …</p>;
  if (compared.status === "failed") return <p className="dv-bad-text">{compared.reason}</p>;
  const differing = compared.fields.filter(({ differs }) => differs);
  const shown = all ? compared.fields : differing;
  return (
    <section aria-label="Settings">
      <div className="dv-row">
        <h3 className="dv-grow">
          {differing.length === 0
            ? "All settings are the same"
            : `${differing.length} of ${compared.fields.length} settings differ`}
        </h3>
        <label className="dv-check">
          <input type="checkbox" checked={all} onChange={(event) => setAll(event.target.checked)} />
          all
        </label>
        <ExportButtons
          what="the settings"
          name="settings"
          csv={() =>
            toSettingsCsv(
              runs.map(({ name }) => name),
              shown,
            )
          }
        />
      </div>
      {shown.length === 0 ? undefined : <SettingsTable runs={runs} fields={shown} marksDiffering={all} />}
    </section>
  );
}

type TableProps = {
  readonly runs: readonly RunState[];
  readonly fields: readonly ConfigField[];
  /** Where others stand among them. */
  readonly marksDiffering: boolean;
};

function SettingsTable({ runs, fields, marksDiffering }: TableProps) {
  return (
    <ScrollBox label="Table of settings">
      <table className="dv-table dv-settings" aria-label="Settings of the runs">
        <thead>
          <tr>
            <th scope="col">setting</th>
            {runs.map(({ id, name }) => (
              <th key={id} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {fields.map(({ path, values, differs }) => (
            <tr key={JSON.stringify(path)} data-shown={(marksDiffering && differs) || undefined}>
              <td title={path.join(".")}>{path.join(" › ")}</td>
              {runs.map(({ id }, index) => (
                <td key={id} title={values[index]}>
                  {values[index] ?? <span className="dv-dim">not set</span>}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollBox>
  );
}
