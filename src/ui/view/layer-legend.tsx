import { Eye, EyeOff, SlidersHorizontal } from "lucide-react";
import { useLayoutEffect, useRef, useState } from "react";
import type { LayerState } from "#state/app-state.ts";
import { useAppState, useCommands } from "../app-context.ts";
import { IconButton } from "../parts/icon-button.tsx";
import { Popover } from "../parts/popover.tsx";
import { channelOf, switchOf } from "./channel-controls.ts";
import { LayerControls } from "./layer-controls.tsx";
import { useLayerControls } from "./use-layer-controls.ts";

/** As in volumes.css: below it the legend can be folded. */
const narrowPx = 520;

/** Over narrow volumes it begins folded, so that they can be seen. */
export function LayerLegend() {
  const layers = useAppState((state) => state.layers);
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
          <LegendRow key={layer.name} layer={layer} index={index} />
        ))}
      </ul>
    </details>
  );
}

function LegendRow({ layer, index }: { readonly layer: LayerState; readonly index: number }) {
  const { name, title, visible } = layer;
  return (
    <li className="dv-legend-row" data-visible={visible}>
      <EyeButton layer={layer} index={index} />
      <span className="dv-legend-title" title={layer.source}>
        {title}
      </span>
      <Swatches name={name} />
      <LayerStatus layer={layer} />
      <Popover label={`Settings of ${title}`} icon button={<SlidersHorizontal size={14} />}>
        {() => <LayerControls layer={layer} />}
      </Popover>
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

/** The colours of the channels, as a key. */
function Swatches({ name }: { readonly name: string }) {
  const { controls } = useLayerControls(name);
  const colors = controls.flatMap((control) => (control.type === "color" ? [control] : []));
  if (colors.length === 0) return undefined;
  return (
    <span className="dv-swatches">
      {colors.slice(0, 8).map((color) => (
        <span
          key={color.name}
          className="dv-swatch"
          data-off={switchOf(controls, color)?.value === false || undefined}
          style={{ background: color.value }}
          title={channelOf(color)}
        />
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
