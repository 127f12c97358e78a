import type { KeyboardEvent, PointerEvent } from "react";
import { useCommands } from "../app-context.ts";

const narrowest = 320;
const widest = 1200;
const stepPx = 24;

const clamp = (width: number) => Math.max(narrowest, Math.min(widest, Math.round(width)));

/** The edge between volumes and panel: drag it, or use the arrow keys. */
export function PanelResizer({ width }: { readonly width: number }) {
  const { setPanel } = useCommands();
  const onPointerMove = (event: PointerEvent<HTMLDivElement>) => {
    if (!event.currentTarget.hasPointerCapture(event.pointerId)) return;
    const panel = event.currentTarget.parentElement?.getBoundingClientRect();
    if (panel !== undefined) setPanel({ width: clamp(panel.right - event.clientX) });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const by = { ArrowLeft: stepPx, ArrowRight: -stepPx }[event.key];
    if (by === undefined) return;
    event.preventDefault();
    setPanel({ width: clamp(width + by) });
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: hr cannot be focused and dragged
    <div
      className="dv-panel-resizer"
      role="separator"
      aria-orientation="vertical"
      aria-label="Width of the side panel"
      aria-valuemin={narrowest}
      aria-valuemax={widest}
      aria-valuenow={clamp(width)}
      tabIndex={0}
      onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
      onPointerMove={onPointerMove}
      onKeyDown={onKeyDown}
    />
  );
}
