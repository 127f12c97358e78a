import type { LayerState } from "#state/app-state.ts";
import LayerControls from "../view/layer-controls.tsx";
import { EyeButton, LayerStatus, useListedLayers } from "../view/layer-legend.tsx";

/** Every layer with all of its controls. */
export default function LayersPanel() {
  const layers = useListedLayers();
  if (layers.length === 0) return <p className="dv-empty">No volume is shown yet.</p>;
  return layers.map((layer, index) => <LayerCard key={layer.name} layer={layer} index={index} />);
}

const kindWords: Readonly<Record<string, string>> = {
  grey: "grey values",
  affinities: "affinities",
  distances: "distances",
  classes: "class scores",
  binary: "mask",
  instances: "instances",
  "class-segmentation": "classes",
  "object-errors": "errors",
  "mask-errors": "errors",
  difference: "B − A",
  agreement: "A and B",
};

/** Below the run's folder, and without percent signs: DaCapo's folder names have brackets and spaces. */
function toReadable({ source, run }: LayerState): string {
  const path = source.startsWith(`${run}/`) ? source.slice(run.length + 1) : source;
  try {
    return decodeURI(path).replaceAll("%2C", ",").replaceAll("%3D", "=");
  } catch {
    return path;
  }
}

function LayerCard({ layer, index }: { readonly layer: LayerState; readonly index: number }) {
  return (
    <section className="dv-card" aria-label={layer.title}>
      <div className="dv-row" data-tight>
        <EyeButton layer={layer} index={index} />
        <h3 className="dv-grow">{layer.title}</h3>
        <LayerStatus layer={layer} />
        <span className="dv-dim">{kindWords[layer.kind] ?? layer.kind}</span>
      </div>
      <LayerControls layer={layer} />
      <p className="dv-dim dv-source" title={layer.source}>
        {toReadable(layer)}
      </p>
      {layer.message === undefined ? undefined : <p className="dv-note">{layer.message}</p>}
    </section>
  );
}
