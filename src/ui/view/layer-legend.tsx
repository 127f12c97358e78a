import { Eye, EyeOff, SlidersHorizontal } from "lucide-react";
import { Suspense, useLayoutEffect, useRef, useState } from "react";
import type { LayerState } from "#state/app-state.ts";
import { isListed } from "#state/comparison.ts";
import type { LayerKey } from "#volumes/volume-viewer.ts";
import { useCommands, useShallowState } from "../app-context.ts";
import { IconButton } from "../parts/icon-button.tsx";
import { lazyPart } from "../parts/lazy-part.tsx";
import { Popover } from "../parts/popover.tsx";
import { KeyLine, toKeyLines, useLayerKeys } from "./layer-key.tsx";

/** Of the layers panel too, which is fetched once nothing else waits. */
const LayerControls = lazyPart(() => import("./layer-controls.tsx"));

/** Below it the legend would hide most of a section. */
const narrowPx = 640;

/** Those that a person is told of, in the order of their keys. */
export function useListedLayers(): readonly LayerState[] {
  return useShallowState((state) => state.layers.filter(({ name }) => isListed(state, name)));
}

/** Over narrow volumes it begins folded, so that they can be seen. */
export function LayerLegend() {
  const layers = useListedLayers();
  const keys = useLayerKeys();
  const lines = toKeyLines(layers, keys);
  const legend = useRef<HTMLDetailsElement>(null);
  const [open, setOpen] = useState(true);
  useLayoutEffect(() => {
    const volumes = legend.current?.parentElement;
    if (volumes) setOpen(volumes.clientWidth > narrowPx);
  }, []);
  return (
    <details
      ref={legend}
      className="dv-over dv-legend"
      open={open}
      onToggle={(event) => setOpen(event.currentTarget.open)}
    >
      <summary>Layers</summary>
      <ul aria-label="Layers">
        {layers.map((layer, index) => (
          <LegendRow
            key={layer.name}
            layer={layer}
            index={index}
            layerKey={keys.get(layer.name)}
            line={lines.get(layer.name)}
          />
        ))}
      </ul>
    </details>
  );
}

type RowProps = {
  readonly layer: LayerState;
  readonly index: number;
  readonly layerKey: LayerKey | undefined;
  /** The same, where it takes a line of its own. */
  readonly line: LayerKey | undefined;
};

function LegendRow({ layer, index, layerKey, line }: RowProps) {
  const { name, title, visible } = layer;
  return (
    <li className="dv-legend-item" data-visible={visible}>
      <div className="dv-legend-row">
        <EyeButton layer={layer} index={index} />
        <span className="dv-legend-title" title={layer.source}>
          {title}
        </span>
        {line === undefined ? <Swatches layerKey={layerKey} /> : undefined}
        <LayerStatus layer={layer} />
        <Popover label={`Settings of ${title}`} icon button={<SlidersHorizontal size={14} />}>
          {() => (
            <Suspense fallback={<span className="dv-skeleton" style={{ width: 220, height: 60 }} />}>
              <LayerControls layer={layer} />
            </Suspense>
          )}
        </Popover>
      </div>
      {line === undefined ? undefined : <KeyLine layerKey={line} computed={name === "inference"} />}
    </li>
  );
}

export function EyeButton({ layer, index }: { readonly layer: LayerState; readonly index: number }) {
  const { setLayer } = useCommands();
  const key = index < 9 ? ` (${index + 1})` : "";
  const Icon = layer.visible ? Eye : EyeOff;
  return (
    <IconButton
      label={`${layer.visible ? "Hide" : "Show"} ${layer.title}${key}`}
      pressed={layer.visible}
      onClick={() => setLayer(layer.name, { visible: !layer.visible })}
    >
      <Icon size={15} />
    </IconButton>
  );
}

/** Colours alone, where what they mean has been said or is one thing. */
function Swatches({ layerKey }: { readonly layerKey: LayerKey | undefined }) {
  return (
    <span className="dv-swatches">
      {layerKey?.entries.slice(0, 8).map(({ text, color }) => (
        <span key={text} className="dv-swatch" style={{ background: color }} title={text} />
      ))}
    </span>
  );
}

const statusWords = { loading: "loading", pending: "newer volumes are loading", failed: "could not be drawn" } as const;

export function LayerStatus({ layer }: { readonly layer: LayerState }) {
  if (layer.status === "ready") return undefined;
  const words = layer.message ?? statusWords[layer.status];
  return <span className="dv-layer-status" data-status={layer.status} role="img" aria-label={words} title={words} />;
}
