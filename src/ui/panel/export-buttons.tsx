import { Download } from "lucide-react";
import { Suspense } from "react";
import { lazyPart } from "../parts/lazy-part.tsx";
import { Popover } from "../parts/popover.tsx";
import type { ExportProps } from "./export-props.ts";

const ExportItems = lazyPart<ExportProps>(() => import("./export-items.tsx"));

/** Every recorded value as CSV; the chart as it looks now as PNG. */
export function ExportButtons({ what = "the chart", ...props }: ExportProps) {
  return (
    <Popover label={`Save ${what}`} icon button={<Download size={15} />}>
      {() => (
        <Suspense>
          <ExportItems {...props} />
        </Suspense>
      )}
    </Popover>
  );
}
