import type { ReactNode } from "react";

type Props = {
  readonly label: string;
  readonly onClick: () => void;
  readonly children: ReactNode;
  readonly disabled?: boolean;
  readonly pressed?: boolean;
};

/** A button that shows an icon; `label` is its name and its tooltip. */
export function IconButton({ label, onClick, children, disabled = false, pressed }: Props) {
  return (
    <button
      type="button"
      className="dv-button"
      data-variant="plain"
      data-icon
      aria-label={label}
      title={label}
      aria-pressed={pressed}
      disabled={disabled}
      onClick={onClick}
    >
      {children}
    </button>
  );
}
