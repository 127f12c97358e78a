import { useMemo } from "react";
import type { RunState, Shown } from "#state/app-state.ts";
import { parametersOf, scoresOf } from "#state/selectors.ts";
import { useAppState, useCommands } from "../app-context.ts";
import { ChoiceField } from "../parts/choice-field.tsx";
import { toParametersLabel } from "./mark-text.ts";

type Props = { readonly run: RunState; readonly shown: Shown };

export function TimelineChoices({ run, shown }: Props) {
  return (
    <div className="dv-timeline-choices">
      <DatasetChoice run={run} shown={shown} />
      {shown.snapshot === undefined ? <ParametersChoice run={run} shown={shown} /> : undefined}
    </div>
  );
}

/** No name of a dataset has brackets around it. */
const snapshots = "(training snapshots)";

function DatasetChoice({ run, shown }: Props) {
  const { select } = useCommands();
  if (run.datasets.length === 0 && !run.hasSnapshots) return undefined;
  const chosen = shown.snapshot === undefined ? (shown.dataset ?? "") : snapshots;
  const choose = (name: string) => select(name === snapshots ? { snapshot: "latest" } : { dataset: name });
  return (
    <ChoiceField label="dataset" name="Dataset" title={chosen} value={chosen} onChange={choose}>
      {chosen === "" ? <option value="">none</option> : undefined}
      {run.datasets.map((dataset) => (
        <option key={dataset}>{dataset}</option>
      ))}
      {run.hasSnapshots ? <option value={snapshots}>training snapshots</option> : undefined}
    </ChoiceField>
  );
}

const auto = "";

function ParametersChoice({ run, shown }: Props) {
  const { select } = useCommands();
  const offered = useMemo(() => parametersOf(run), [run]);
  const chosen = useAppState((state) => state.selection.parameters);
  if (offered.length === 0) return undefined;
  const scored = scoresOf(run) !== undefined;
  const current = shown.parameters === undefined ? "" : `: ${toParametersLabel(shown.parameters)}`;
  return (
    <ChoiceField
      label="parameters"
      name="Post-processing parameters"
      title={`${scored ? "The best parameters of each iteration, unless one is chosen" : "The first there is, unless one is chosen"}: ${shown.parameters ?? "none"}`}
      value={chosen !== undefined && offered.includes(chosen) ? chosen : auto}
      onChange={(value) => select({ parameters: value === auto ? undefined : value })}
    >
      <option value={auto}>{scored ? `best${current}` : `first${current}`}</option>
      {offered.map((parameters) => (
        <option key={parameters} value={parameters}>
          {toParametersLabel(parameters)}
        </option>
      ))}
    </ChoiceField>
  );
}
