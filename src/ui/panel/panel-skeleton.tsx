import { useDelayed } from "../parts/use-delayed.ts";

type Props = { readonly text?: string; readonly progress?: number | undefined };

/** Stands for a chart and a table; after a second says how far it is. */
export function PanelSkeleton({ text = "Loading", progress }: Props) {
  const long = useDelayed(1000);
  return (
    <div className="dv-section" role="status" aria-label={text}>
      <span className="dv-skeleton" style={{ height: 20, width: "55%" }} />
      <span className="dv-skeleton" style={{ height: 200 }} />
      {long ? (
        <progress className="dv-progress" aria-label={text} {...(progress === undefined ? {} : { value: progress })} />
      ) : undefined}
      <span className="dv-skeleton" style={{ height: 20, width: "75%" }} />
      <span className="dv-skeleton" style={{ height: 20, width: "65%" }} />
    </div>
  );
}
