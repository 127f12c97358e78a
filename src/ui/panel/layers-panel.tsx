import type { LayerState } from "#state/app-state.ts";
import { useAppState } from "../app-context.ts";
import { LayerControls } from "../view/layer-controls.tsx";
import { EyeButton, LayerStatus } from "../view/layer-legend.tsx";

/** Every layer with all of its controls. */
export function LayersPanel() {
  const layers = useAppState((state) => state.layers);
  if (layers.length === 0) return <p className="dv-empty">No volume is shown yet.</p>;
  return layers.map((layer, index) => <LayerCard key={layer.name} layer={layer} index={index} />);
}

/** Without percent signs: DaCapo's folder names have brackets and spaces. */
function toReadable(url: string): string {
  try {
    return decodeURI(url).replaceAll("%2C", ",").replaceAll("%3D", "=");
  } catch {
    return url;
  }
}

function LayerCard({ layer, index }: { readonly layer: LayerState; readonly index: number }) {
  return (
    <section className="dv-card" aria-label={layer.title}>
      <div className="dv-row" data-tight>
        <EyeButton layer={layer} index={index} />
        <h3 className="dv-grow">{layer.title}</h3>
        <LayerStatus layer={layer} />
        <span className="dv-dim">{layer.kind}</span>
      </div>
      <LayerControls layer={layer} />
      <p className="dv-dim dv-source">{toReadable(layer.source)}</p>
      {layer.message === undefined ? undefined : <p className="dv-note">{layer.message}</p>}
    </section>
  );
}
