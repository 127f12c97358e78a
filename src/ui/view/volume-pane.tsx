import { Suspense, useRef } from "react";
import { useAppState } from "../app-context.ts";
import { OfferChip } from "../notices/offer-chip.tsx";
import { lazyPart } from "../parts/lazy-part.tsx";
import { HoverReadout } from "./hover-readout.tsx";
import { InferenceChip } from "./inference-chip.tsx";
import { LayerLegend } from "./layer-legend.tsx";
import { LayoutSwitch } from "./layout-switch.tsx";
import { useAttachedViewer } from "./use-attached-viewer.ts";
import { MissingVolumesNote, VolumesFace } from "./volumes-face.tsx";
import "./volumes.css";

const Comparison = lazyPart(() => import("../compare/comparison.tsx"));

/** The volumes and what lies over them; always dark. */
export function VolumePane() {
  const mount = useRef<HTMLDivElement>(null);
  const retry = useAttachedViewer(mount);
  const ready = useAppState((state) => state.viewer === "ready" && state.layers.length > 0);
  const settled = useAppState((state) => state.settled);
  const comparing = useAppState((state) => state.compare !== undefined && !state.embed);
  return (
    <section className="dv-volumes dv-dark" aria-label="Volumes" aria-busy={!settled}>
      <div ref={mount} className="dv-volumes-mount" />
      {ready ? (
        <>
          <LayerLegend />
          <LayoutSwitch />
          <HoverReadout />
          <MissingVolumesNote />
          {comparing ? (
            <Suspense>
              <Comparison />
            </Suspense>
          ) : undefined}
        </>
      ) : (
        <VolumesFace retry={retry} />
      )}
      <div className="dv-offers">
        <OfferChip />
        <InferenceChip />
      </div>
    </section>
  );
}
