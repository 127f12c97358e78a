import type { MouseEvent, ReactNode } from "react";

type Props = {
  readonly icon: ReactNode;
  readonly onClick: () => void;
  readonly children: ReactNode;
  readonly disabled?: boolean;
  /** Closes the popover that it stands in. */
  readonly closes?: boolean;
};

export function MenuItem({ icon, onClick, children, disabled = false, closes = false }: Props) {
  const act = (event: MouseEvent<HTMLElement>) => {
    if (closes) event.currentTarget.closest<HTMLElement>("[popover]")?.hidePopover();
    onClick();
  };
  return (
    <button type="button" className="dv-menu-item" onClick={act} disabled={disabled}>
      {icon}
      {children}
    </button>
  );
}
