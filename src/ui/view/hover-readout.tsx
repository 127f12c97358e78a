import { useEffect, useState } from "react";
import type { Hover } from "#volumes/volume-viewer.ts";
import { useApp, useAppState } from "../app-context.ts";
import { toShortNumber } from "../words.ts";

const axes = ["z", "y", "x"] as const;

/** Position and values under the pointer; the scale while it is elsewhere. */
export default function HoverReadout() {
  const app = useApp();
  const ready = useAppState((state) => state.viewer === "ready");
  const [hover, setHover] = useState<Hover | undefined>(undefined);
  useEffect(() => (ready ? app.viewer()?.onHover(setHover) : undefined), [app, ready]);
  return (
    <div className="dv-over dv-hover" aria-hidden="true">
      {hover === undefined ? <Scale /> : <HoverValues hover={hover} />}
    </div>
  );
}

function HoverValues({ hover }: { readonly hover: Hover }) {
  return (
    <>
      {axes.map((axis, index) => (
        <span key={axis}>
          <span className="dv-dim">{axis}</span> {Math.round(hover.position[index] ?? 0)}
        </span>
      ))}
      <span className="dv-dim">{hover.unit}</span>
      {hover.values.map(({ layer, value }) => (
        <span key={layer} className="dv-hover-value">
          <span className="dv-dim">{layer}</span> <b>{value}</b>
        </span>
      ))}
    </>
  );
}

function Scale() {
  const scale = useAppState((state) => state.view.scale);
  const unit = useAppState((state) => state.view.unit);
  if (scale === undefined) return <span className="dv-dim">point at a voxel to read it</span>;
  return (
    <span className="dv-dim">
      {toShortNumber(scale)} {unit ?? "nm"} a pixel
    </span>
  );
}
