import type { OwnModelState, OwnRawState } from "#state/app-state.ts";
import { useAppState, useCommands } from "../app-context.ts";
import { ChoiceField } from "../parts/choice-field.tsx";
import { type Fact, Facts } from "./facts.tsx";
import { toSize } from "./inference-words.ts";

/** What is known of the chosen model and array of one's own, before they are first run. */
export function OwnCards() {
  const model = useAppState((state) => state.models.find(({ id }) => id === state.pick.model));
  const raw = useAppState((state) => state.raws.find(({ id }) => id === state.pick.raw));
  return (
    <>
      {model === undefined ? undefined : <ModelCard model={model} />}
      {raw === undefined ? undefined : <RawCard raw={raw} />}
    </>
  );
}

function ModelCard({ model }: { readonly model: OwnModelState }) {
  const { forgetModel } = useCommands();
  const { id, name, status, message, facts, layouts } = model;
  return (
    <section className="dv-card" aria-label={`Model ${name}`}>
      <CardHead name={name} onForget={() => forgetModel(id)} />
      {status === "loading" ? <Loading what={`Loading ${name}`} {...model.download} /> : undefined}
      {message === undefined ? undefined : (
        <p className="dv-note" data-kind={status === "failed" ? "bad" : "warn"} role="alert">
          {message}
        </p>
      )}
      {facts === undefined ? undefined : <Facts facts={toModelFacts(model)} />}
      {layouts.length > 1 ? <LayoutChoice model={model} /> : undefined}
      {facts?.notes.map((note) => (
        <p key={note} className="dv-note">
          {note}
        </p>
      ))}
    </section>
  );
}

function CardHead({ name, onForget }: { readonly name: string; readonly onForget: () => void }) {
  return (
    <div className="dv-row" data-tight>
      <strong className="dv-card-name">{name}</strong>
      <button type="button" className="dv-link" onClick={onForget}>
        Remove
      </button>
    </div>
  );
}

type LoadingProps = { readonly what: string; readonly loaded?: number; readonly total?: number };

function Loading({ what, loaded, total }: LoadingProps) {
  return (
    <>
      <span className="dv-inference-line">
        {loaded === undefined ? what : `${what}: ${toSize(loaded)}${total === undefined ? "" : ` of ${toSize(total)}`}`}
      </span>
      <progress className="dv-progress" aria-label={what} {...(total !== undefined && { value: loaded, max: total })} />
    </>
  );
}

function toModelFacts({ facts }: OwnModelState): readonly Fact[] {
  if (facts === undefined) return [];
  return [
    ["package", facts.package],
    ["takes", facts.input],
    ["gives", facts.output],
    ["weights", toSize(facts.weightBytes)],
    ["operators", facts.operators],
  ];
}

const axisNames: Readonly<Record<string, string>> = { b: "batch", c: "channel", z: "z", y: "y", x: "x" };

function LayoutChoice({ model }: { readonly model: OwnModelState }) {
  const { setModelLayout } = useCommands();
  const { id, layouts, layout } = model;
  return (
    <ChoiceField
      label="axes of its input"
      name="Axes of the model's input"
      value={layout ?? ""}
      onChange={(value) => void setModelLayout(id, value)}
    >
      {layout === undefined ? <option value="">choose</option> : undefined}
      {layouts.map((each) => (
        <option key={each} value={each}>
          {[...each].map((letter) => axisNames[letter]).join(", ")}
        </option>
      ))}
    </ChoiceField>
  );
}

function RawCard({ raw }: { readonly raw: OwnRawState }) {
  const { forgetRaw } = useCommands();
  const { id, name, status, message, facts } = raw;
  return (
    <section className="dv-card" aria-label={`Data ${name}`}>
      <CardHead name={name} onForget={() => forgetRaw(id)} />
      {status === "loading" ? <Loading what={`Opening ${name}`} /> : undefined}
      {message === undefined ? undefined : (
        <p className="dv-note" data-kind="bad" role="alert">
          {message}
        </p>
      )}
      {facts === undefined ? undefined : <Facts facts={toRawFacts(facts)} />}
    </section>
  );
}

function toRawFacts(facts: NonNullable<OwnRawState["facts"]>): readonly Fact[] {
  const { shape, voxelSize, unit, dtype, scales } = facts;
  return [
    ["size", `${shape.join(" × ")} voxels`],
    ["voxels", `${voxelSize.join(" × ")} ${unit}`],
    ["values", dtype.replace(/^[<>|=]/, "")],
    ["scales", scales > 1 ? scales : undefined],
  ];
}
