import type { ReactNode } from "react";

type Props = {
  /** What stands before it. */
  readonly label: string;
  /** What a screen reader says, where that is more. */
  readonly name?: string;
  readonly title?: string | undefined;
  readonly value: string | number;
  readonly disabled?: boolean;
  readonly onChange: (value: string) => void;
  /** As in a `select`. */
  readonly children: ReactNode;
};

/** One of a few things, beside what it is of. */
export function ChoiceField({ label, name, title, value, disabled, onChange, children }: Props) {
  return (
    <label className="dv-field">
      <span>{label}</span>
      <select
        className="dv-select"
        aria-label={name}
        title={title}
        value={value}
        disabled={disabled}
        onChange={(event) => onChange(event.target.value)}
      >
        {children}
      </select>
    </label>
  );
}
