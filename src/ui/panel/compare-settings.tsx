import { useEffect, useState } from "react";
import type { ConfigField } from "#dacapo/config-diff.ts";
import type { RunState } from "#state/app-state.ts";
import { compareSettings } from "#state/run-row.ts";
import { toSettingsCsv } from "./compare-csv.ts";
import { ExportButtons } from "./export-buttons.tsx";

type Compared =
  | { readonly status: "reading" }
  | { readonly status: "ready"; readonly fields: readonly ConfigField[] }
  | { readonly status: "failed"; readonly reason: string };

/** The settings of the runs, those that differ unless all are asked for. */
export function CompareSettings({ runs }: { readonly runs: readonly RunState[] }) {
  const [all, setAll] = useState(false);
  const compared = useSettings(runs);
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
    <div className="dv-table-scroll">
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
    </div>
  );
}

function useSettings(runs: readonly RunState[]): Compared {
  const [compared, setCompared] = useState<Compared>({ status: "reading" });
  const key = JSON.stringify(runs.map(({ configText }) => configText ?? null));
  useEffect(() => {
    let left = false;
    const texts = (JSON.parse(key) as readonly (string | null)[]).map((text) => text ?? undefined);
    compareSettings(texts).then(
      (fields) => left || setCompared({ status: "ready", fields }),
      (error: unknown) =>
        left || setCompared({ status: "failed", reason: error instanceof Error ? error.message : String(error) }),
    );
    return () => {
      left = true;
    };
  }, [key]);
  return compared;
}
