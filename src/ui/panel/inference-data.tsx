import { type FormEvent, useId, useState } from "react";
import type { InferenceState, InferenceWish } from "#state/app-state.ts";
import { toWish } from "#state/inference-task.ts";

type Props = { readonly inference: InferenceState; readonly onStart: (wish: InferenceWish) => void };

/** What the network sees: how the values are normalised, which can be changed, and whether the voxels have the size it knows. */
export function InferenceData({ inference, onStart }: Props) {
  const { normalised, mismatch, card } = inference;
  if (normalised === undefined) return undefined;
  return (
    <>
      <details className="dv-normalisation">
        <summary>{normalised}</summary>
        <Range inference={inference} onStart={onStart} />
      </details>
      {mismatch === undefined ? undefined : (
        <div className="dv-note" data-kind="warn" role="status">
          {mismatch}{" "}
          <button type="button" className="dv-button" onClick={() => onStart({ ...toWish(inference), resample: true })}>
            Resample it
          </button>
        </div>
      )}
      {card?.notes?.map((note) => (
        <p key={note} className="dv-note">
          {note}
        </p>
      ))}
    </>
  );
}

/** The values that count as 0 and as 1. */
function Range({ inference, onStart }: Props) {
  const [min, setMin] = useState(String(inference.normalisation?.min ?? 0));
  const [max, setMax] = useState(String(inference.normalisation?.max ?? 1));
  const chosen = toRange(min, max);
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    if (chosen) onStart({ ...toWish(inference), normalisation: chosen });
  };
  return (
    <form className="dv-row" data-tight onSubmit={onSubmit}>
      <Bound label="0 is made of" value={min} onChange={setMin} />
      <Bound label="1 is made of" value={max} onChange={setMax} />
      <button type="submit" className="dv-button" disabled={chosen === undefined}>
        Run again
      </button>
    </form>
  );
}

function toRange(min: string, max: string): { readonly min: number; readonly max: number } | undefined {
  const [from, to] = [Number(min), Number(max)];
  const isRange = min.trim() !== "" && max.trim() !== "" && Number.isFinite(from) && Number.isFinite(to) && from !== to;
  return isRange ? { min: from, max: to } : undefined;
}

type BoundProps = { readonly label: string; readonly value: string; readonly onChange: (value: string) => void };

function Bound({ label, value, onChange }: BoundProps) {
  const id = useId();
  return (
    <label className="dv-field" htmlFor={id}>
      <span>{label}</span>
      <input
        id={id}
        className="dv-input dv-bound"
        inputMode="decimal"
        value={value}
        onChange={(event) => onChange(event.target.value)}
      />
    </label>
  );
}
