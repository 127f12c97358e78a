import { type ReactNode, type ToggleEvent, useId, useRef, useState } from "react";

type Props = {
  /** Name for screen readers; what the button shows may be shorter. */
  readonly label: string;
  readonly button: ReactNode;
  /** Called only while open. */
  readonly children: () => ReactNode;
  readonly icon?: boolean;
  readonly title?: string;
};

/** A button with a native popover: Escape, light dismiss and the top layer are the browser's. */
export function Popover({ label, button, children, icon = false, title }: Props) {
  const id = useId();
  const anchor = useRef<HTMLButtonElement>(null);
  const [open, setOpen] = useState(false);
  const onToggle = (event: ToggleEvent<HTMLDivElement>) => {
    const opens = event.newState === "open";
    if (opens && anchor.current !== null) place(event.currentTarget, anchor.current.getBoundingClientRect());
    setOpen(opens);
  };
  return (
    <>
      <button
        ref={anchor}
        type="button"
        className="dv-button"
        data-variant="plain"
        data-icon={icon || undefined}
        popoverTarget={id}
        aria-label={label}
        title={title ?? label}
      >
        {button}
      </button>
      {/* biome-ignore lint/a11y/useSemanticElements: a popover is no form part */}
      <div id={id} popover="auto" className="dv-popover" role="group" aria-label={label} onBeforeToggle={onToggle}>
        {open ? children() : undefined}
      </div>
    </>
  );
}

/** Of dv-popover in controls.css, and the distance that it keeps from the page's edge. */
const maxWidthPx = 360;
const edgePx = 8;

/** Beside the button, on the side where there is room. */
function place(popover: HTMLElement, anchor: DOMRect): void {
  const below = anchor.top < innerHeight / 2;
  const room = below ? innerHeight - anchor.bottom : anchor.top;
  const fromLeft = anchor.left < innerWidth / 2;
  Object.assign(popover.style, {
    top: below ? `${anchor.bottom + 4}px` : "auto",
    bottom: below ? "auto" : `${innerHeight - anchor.top + 4}px`,
    left: fromLeft ? `${toInset(anchor.left)}px` : "auto",
    maxHeight: `${room - 4 - edgePx}px`,
    right: fromLeft ? "auto" : `${toInset(innerWidth - anchor.right)}px`,
  });
}

/** As wished, where the widest popover still has room beyond it. */
function toInset(wished: number): number {
  return Math.max(edgePx, Math.min(wished, innerWidth - maxWidthPx - edgePx));
}
