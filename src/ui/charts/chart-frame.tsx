import type { ReactNode } from "react";
import type { ChartState, ZoomProps } from "./chart-props.ts";

type FrameProps = {
  /** Name of the chart, also in an exported picture. */
  readonly title: string;
  readonly state: ChartState | undefined;
  /** Why there is nothing to draw; undefined when there is something. */
  readonly empty: string | undefined;
  readonly height: number;
  readonly children: ReactNode;
};

/** The figure around a chart. Without anything to draw it keeps the chart's height, so that nothing jumps when data comes. */
export function ChartFrame({ title, state = "ready", empty, height, children }: FrameProps) {
  const loading = state === "loading";
  return (
    <figure className="chart" data-chart-title={title} aria-busy={loading}>
      {empty === undefined ? children : <Placeholder loading={loading} text={empty} height={height} />}
    </figure>
  );
}

function Placeholder({ loading, text, height }: { loading: boolean; text: string; height: number }) {
  if (loading) return <div className="chart-skeleton" style={{ height }} role="img" aria-label="Loading" />;
  return (
    <p className="chart-empty" style={{ height }}>
      {text}
    </p>
  );
}

/** The way back from a zoom for those who do not know of the double click. */
export function ZoomReset({ domain, onDomainChange }: Pick<ZoomProps, "domain" | "onDomainChange">) {
  if (domain === undefined || onDomainChange === undefined) return null;
  return (
    <button type="button" className="chart-reset" onClick={() => onDomainChange(undefined)}>
      show all iterations
    </button>
  );
}
