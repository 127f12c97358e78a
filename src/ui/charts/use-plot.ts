import { createContext, useContext, useMemo } from "react";
import { type PlotArea, usePlotArea } from "recharts";
import { type Pair, type Scale, toScale } from "./series/scales.ts";

/** What a plot shows of the world: iterations across, values up. */
export type View = { readonly window: Pair; readonly values: Pair; readonly log: boolean };

/** A view laid out in pixels of the drawing. */
export type Plot = View & { readonly area: PlotArea; readonly x: Scale; readonly y: Scale };

export const ViewContext = createContext<View | undefined>(undefined);

/** The plot that a layer draws into; undefined before it is laid out. */
export function usePlot(): Plot | undefined {
  const view = useContext(ViewContext);
  const area = useSameArea();
  return useMemo(() => (view === undefined || area === undefined ? undefined : layOut(view, area)), [view, area]);
}

/** The plot area, the same object for as long as its numbers are: recharts makes a new one whenever an axis changes. */
function useSameArea(): PlotArea | undefined {
  const area = usePlotArea();
  const { x = 0, y = 0, width = 0, height = 0 } = area ?? {};
  const isLaidOut = area !== undefined;
  return useMemo(() => (isLaidOut ? { x, y, width, height } : undefined), [isLaidOut, x, y, width, height]);
}

function layOut(view: View, area: PlotArea): Plot {
  const x = toScale(view.window, [area.x, area.x + area.width]);
  const y = toScale(view.values, [area.y + area.height, area.y], view.log);
  return { ...view, area, x, y };
}

export function isVisible({ window }: View, iteration: number): boolean {
  return iteration >= window[0] && iteration <= window[1];
}
