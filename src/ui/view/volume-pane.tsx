import { Suspense, useRef } from "react";
import { useAppState, usePartName } from "../app-context.ts";
import { OfferChip } from "../notices/offer-chip.tsx";
import { lazyPart } from "../parts/lazy-part.tsx";
import { LayerLegend } from "./layer-legend.tsx";
import { useAttachedViewer } from "./use-attached-viewer.ts";
import { VolumesFace } from "./volumes-face.tsx";
import "./volumes.css";

const HoverReadout = lazyPart(() => import("./hover-readout.tsx"));
const LayoutSwitch = lazyPart(() => import("./layout-switch.tsx"));
const MissingVolumesNote = lazyPart(() => import("./missing-volumes-note.tsx"));
const InferenceChip = lazyPart(() => import("./inference-chip.tsx"));
const Comparison = lazyPart(() => import("../compare/comparison.tsx"));

/** The volumes and what lies over them; always dark. */
export function VolumePane() {
  const mount = useRef<HTMLDivElement>(null);
  const retry = useAttachedViewer(mount);
  const ready = useAppState((state) => state.viewer === "ready" && state.layers.length > 0);
  const settled = useAppState((state) => state.settled);
  const computing = useAppState((state) => state.inference !== undefined);
  const comparing = useAppState((state) => state.compare !== undefined);
  return (
    <section className="dv-volumes dv-dark" aria-label={usePartName("Volumes")} aria-busy={!settled}>
      <div ref={mount} className="dv-volumes-mount" />
      {ready ? (
        <>
          <LayerLegend />
          <Suspense>
            <LayoutSwitch />
            <HoverReadout />
          </Suspense>
          <Suspense>
            <MissingVolumesNote />
          </Suspense>
          <Suspense>{comparing ? <Comparison /> : undefined}</Suspense>
        </>
      ) : (
        <VolumesFace retry={retry} />
      )}
      <div className="dv-offers">
        <OfferChip />
        <Suspense>{computing ? <InferenceChip /> : undefined}</Suspense>
      </div>
    </section>
  );
}
