import { useMemo } from "react";
import type { RunState } from "#state/app-state.ts";
import { comparedOf } from "#state/comparison.ts";
import { parametersOf, selectedRun, volumeIterations } from "#state/selectors.ts";
import { useAppState, useCommands, useShallowState } from "../app-context.ts";
import { ChoiceField } from "../parts/choice-field.tsx";
import { toParametersLabel } from "../timeline/mark-text.ts";
import { toCount } from "../words.ts";

/** Which run, iteration and parameters B is. */
export function ChooseB() {
  const run = useAppState((state) => comparedOf(state)?.run ?? selectedRun(state));
  return (
    <div className="dv-compare-choices">
      <RunChoice run={run} />
      {run === undefined ? undefined : (
        <>
          <IterationChoice run={run} />
          <ParametersChoice run={run} />
        </>
      )}
    </div>
  );
}

function RunChoice({ run }: { readonly run: RunState | undefined }) {
  const { compare } = useCommands();
  const runs = useShallowState((state) => state.runOrder.flatMap((id) => state.runs[id] ?? []));
  if (runs.length < 2) return undefined;
  return (
    <ChoiceField
      label="run"
      name="Run of B"
      value={run?.id ?? ""}
      onChange={(value) => compare({ run: value, iteration: undefined, parameters: undefined })}
    >
      {runs.map(({ id, name }) => (
        <option key={id} value={id}>
          {name}
        </option>
      ))}
    </ChoiceField>
  );
}

const follows = ["best", "latest"] as const;

function IterationChoice({ run }: { readonly run: RunState }) {
  const { compare } = useCommands();
  const chosen = useAppState((state) => state.compare?.iteration);
  const shown = useAppState((state) => comparedOf(state)?.shown.iteration);
  const iterations = volumeIterations(run);
  const choose = (text: string) => compare({ iteration: text === "best" || text === "latest" ? text : Number(text) });
  return (
    <ChoiceField label="iteration" name="Iteration of B" value={chosen ?? shown ?? ""} onChange={choose}>
      {follows.map((each) => (
        <option key={each}>{each}</option>
      ))}
      {iterations.map((iteration) => (
        <option key={iteration} value={iteration}>
          {toCount(iteration)}
        </option>
      ))}
    </ChoiceField>
  );
}

function ParametersChoice({ run }: { readonly run: RunState }) {
  const { compare } = useCommands();
  const chosen = useAppState((state) => state.compare?.parameters);
  const offered = useMemo(() => parametersOf(run), [run]);
  if (offered.length < 2) return undefined;
  return (
    <ChoiceField
      label="parameters"
      name="Parameters of B"
      value={chosen ?? ""}
      onChange={(value) => compare({ parameters: value === "" ? undefined : value })}
    >
      <option value="">as chosen for A, else the best</option>
      {offered.map((parameters) => (
        <option key={parameters} value={parameters}>
          {toParametersLabel(parameters)}
        </option>
      ))}
    </ChoiceField>
  );
}
