import { useMemo, useState } from "react";
import type { RunState } from "#state/app-state.ts";
import { type DatasetArray, type DatasetEntry, datasetEntries } from "#state/dataset-arrays.ts";
import type { ReachedArray } from "#state/reach-array.ts";
import { toShortNumber } from "../words.ts";
import { type Reaching, useReached } from "./use-reached.ts";

/** So many datasets of each use are shown until the rest is asked for. */
const mostShown = 12;

const uses = [
  ["train", "Trained on"],
  ["validate", "Validated on"],
] as const;

/** The datasets of a datasplit with their arrays, and whether these can be read from here. */
export function ConfigData({ run }: { readonly run: RunState }) {
  const entries = useMemo(() => datasetEntries(run), [run]);
  const reached = useReached(entries, run.url);
  if (entries.length === 0) return undefined;
  return (
    <>
      {uses.map(([use, title]) => (
        <Datasets
          key={use}
          title={title}
          entries={entries.filter((entry) => entry.use === use)}
          inputs={use === "validate" ? run.inputs : []}
          reached={reached}
        />
      ))}
      {reached.unasked === 0 ? undefined : (
        <p>
          <button type="button" className="dv-button" onClick={reached.ask}>
            Look whether {reached.unasked === 1 ? "it" : "they"} can be read from here
          </button>
        </p>
      )}
    </>
  );
}

type DatasetsProps = {
  readonly title: string;
  readonly entries: readonly DatasetEntry[];
  readonly inputs: RunState["inputs"];
  readonly reached: Reaching;
};

function Datasets({ title, entries, inputs, reached }: DatasetsProps) {
  const [all, setAll] = useState(false);
  const shown = all ? entries : entries.slice(0, mostShown);
  if (entries.length === 0) return undefined;
  return (
    <>
      <h4 className="dv-dim">{title}</h4>
      {shown.map((entry) => (
        <Dataset
          key={entry.key}
          entry={entry}
          copied={inputs.find(({ dataset }) => dataset === entry.name)}
          reached={reached}
        />
      ))}
      {shown.length === entries.length ? undefined : (
        <button type="button" className="dv-button" onClick={() => setAll(true)}>
          Show all {entries.length}
        </button>
      )}
    </>
  );
}

type DatasetProps = {
  readonly entry: DatasetEntry;
  readonly copied: RunState["inputs"][number] | undefined;
  readonly reached: Reaching;
};

function Dataset({ entry, copied, reached }: DatasetProps) {
  const { name, type, weight, folder, arrays } = entry;
  const copies = [copied?.raw ? "raw" : undefined, copied?.gt ? "gt" : undefined].filter((role) => role !== undefined);
  return (
    <div className="dv-dataset">
      <h4>
        {folder === undefined ? name : `every dataset in ${folder}`}{" "}
        <span className="dv-dim">
          {type}
          {weight === undefined || weight === 1 ? "" : `, weight ${toShortNumber(weight)}`}
        </span>
      </h4>
      {arrays.map((array) => (
        <ArrayLine key={array.role} array={array} reached={reached} />
      ))}
      {copies.length === 0 ? undefined : (
        <p className="dv-dim">DaCapo copied its {copies.join(" and ")} to validation.zarr, where it is shown from.</p>
      )}
    </div>
  );
}

function ArrayLine({ array, reached }: { readonly array: DatasetArray; readonly reached: Reaching }) {
  return (
    <div className="dv-dataset-array">
      <span className="dv-dim">{array.role}</span>
      <span>{array.made.join(" → ")}</span>
      {array.files.length === 0 ? (
        <span style={{ gridColumn: 2 }} className="dv-dim">
          no file: it is made up
        </span>
      ) : undefined}
      {array.files.map((file) => (
        <div key={file.path} style={{ gridColumn: 2 }}>
          <code>{file.path}</code>
          <Reach found={reached.of(file)} />
        </div>
      ))}
    </div>
  );
}

function Reach({ found }: { readonly found: ReachedArray | "asking" | "nowhere" | undefined }) {
  if (found === undefined) return undefined;
  if (found === "asking") return <p className="dv-dim">looking for it …</p>;
  if (found === "nowhere") return <p className="dv-dim">outside of what this page can ask for</p>;
  if (found.status === "missing") return <p className="dv-dim">○ {found.message}</p>;
  const { shape, dtype, voxelSize, unit, url } = found;
  return (
    <p className="dv-dataset-found" title={url}>
      ● can be read: {shape.join(" × ")}, {dtype}, {voxelSize.map(toShortNumber).join(" × ")} {unit}
    </p>
  );
}
