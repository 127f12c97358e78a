import { createContext, type ReactNode, useContext, useEffect, useState } from "react";
import type { ConfigField } from "#dacapo/config-diff.ts";
import { compareSettings } from "#state/run-row.ts";

const Settings = createContext<readonly ConfigField[]>([]);

type ProviderProps = { readonly text: string | undefined; readonly children: ReactNode };

/** Reads the config's YAML once for all sections; one that does not parse has no settings, which is told elsewhere. */
export function SettingsProvider({ text, children }: ProviderProps) {
  const [fields, setFields] = useState<readonly ConfigField[]>([]);
  useEffect(() => {
    let left = false;
    if (text === undefined) setFields([]);
    else
      compareSettings([text]).then(
        (found) => left || setFields(found),
        () => left || setFields([]),
      );
    return () => {
      left = true;
    };
  }, [text]);
  return <Settings value={fields}>{children}</Settings>;
}

/** Every setting below one key of the config, as it is written there. */
export function ConfigSettings({ of }: { readonly of: string }) {
  const groups = toGroups(useContext(Settings), of);
  if (groups.length === 0) return undefined;
  return (
    <details className="dv-details">
      <summary>All settings of {of}</summary>
      {groups.map(({ title, rows }) => (
        <div key={title} className="dv-config-group">
          {title === "" ? undefined : <h4>{title}</h4>}
          <dl className="dv-facts">
            {rows.map(([name, value]) => (
              <div key={name} style={{ display: "contents" }}>
                <dt>{name}</dt>
                <dd>{value}</dd>
              </div>
            ))}
          </dl>
        </div>
      ))}
    </details>
  );
}

type Group = { readonly title: string; readonly rows: readonly (readonly [name: string, value: string])[] };

/** The settings of one key; those of a list's items are put together under the item's type. */
function toGroups(fields: readonly ConfigField[], of: string): readonly Group[] {
  const own = fields.filter(({ path }) => path[0] === of);
  const heads = new Map(
    own.flatMap(({ path, values }) =>
      path.length === 4 && path[3] === "__type__" ? [[`${path[1]} ${path[2]}`, `${path[1]}: ${values[0] ?? ""}`]] : [],
    ),
  );
  const groups = new Map<string, [string, string][]>();
  for (const { path, values } of own) {
    const key = heads.has(`${path[1]} ${path[2]}`) ? `${path[1]} ${path[2]}` : "";
    const name = path.slice(key === "" ? 1 : 3).join(" › ");
    if (key !== "" && name === "__type__") continue;
    groups.set(key, [...(groups.get(key) ?? []), [name, values[0] ?? ""]]);
  }
  return [...groups].map(([key, rows]) => ({ title: heads.get(key) ?? "", rows }));
}
