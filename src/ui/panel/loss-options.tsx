import type { ReactNode } from "react";
import { toCount } from "../words.ts";

export type LossView = {
  readonly scale: "linear" | "log";
  /** Window of the trailing mean, in iterations. */
  readonly smoothing: number;
  readonly band: boolean;
};

export const standardLossView: LossView = { scale: "linear", smoothing: 50, band: false };

/** Windows that the slider steps through: 1 is the raw trace alone. */
const windows = [1, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000];

type Props = {
  readonly view: LossView;
  readonly onChange: (view: LossView) => void;
  /** At the end of the row. */
  readonly children: ReactNode;
};

export function LossOptions({ view, onChange, children }: Props) {
  return (
    <div className="dv-row dv-loss-options">
      <label className="dv-check">
        <input
          type="checkbox"
          checked={view.scale === "log"}
          onChange={(event) => onChange({ ...view, scale: event.target.checked ? "log" : "linear" })}
        />
        log
      </label>
      <Smoothing view={view} onChange={onChange} />
      <label className="dv-check">
        <input
          type="checkbox"
          checked={view.band}
          disabled={view.smoothing <= 1}
          onChange={(event) => onChange({ ...view, band: event.target.checked })}
        />
        ± 1 sd
      </label>
      <span className="dv-grow" />
      {children}
    </div>
  );
}

function Smoothing({ view, onChange }: Pick<Props, "view" | "onChange">) {
  const at = Math.max(0, windows.indexOf(view.smoothing));
  return (
    <label className="dv-field">
      <span>mean of</span>
      <input
        type="range"
        min={0}
        max={windows.length - 1}
        value={at}
        aria-label="Smoothing window"
        aria-valuetext={`${view.smoothing} iterations`}
        onChange={(event) => onChange({ ...view, smoothing: windows[Number(event.target.value)] ?? 1 })}
      />
      <output>{toCount(view.smoothing)}</output>
    </label>
  );
}
