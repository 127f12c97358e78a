import type { LayerState } from "#state/app-state.ts";
import type { LayerControl, LayerControlValue } from "#volumes/volume-viewer.ts";
import { useCommands } from "../app-context.ts";
import { ControlRow } from "./control-row.tsx";
import { useLayerControls } from "./use-layer-controls.ts";

type ColorControl = Extract<LayerControl, { type: "color" }>;

/** Opacity, contrast and channels of one layer; what there is, the viewer says. */
export function LayerControls({ layer }: { readonly layer: LayerState }) {
  const { name } = layer;
  const { setShaderControl } = useCommands();
  const { controls, refresh } = useLayerControls(name);
  const set = (control: string, value: LayerControlValue) => {
    setShaderControl(name, control, value);
    refresh();
  };
  return (
    <div className="dv-layer-controls">
      <Opacity layer={layer} />
      {controls.map((control) => {
        if (control.type === "color" && partnerOf(controls, control) !== undefined) return undefined;
        const color = control.type === "checkbox" ? colorOf(controls, control.label) : undefined;
        return <ControlRow key={control.name} control={control} color={color} layer={layer.title} set={set} />;
      })}
    </div>
  );
}

function partnerOf(controls: readonly LayerControl[], { label }: ColorControl): LayerControl | undefined {
  return controls.find((control) => control.type === "checkbox" && control.label === label);
}

function colorOf(controls: readonly LayerControl[], label: string): ColorControl | undefined {
  return controls.find((control): control is ColorControl => control.type === "color" && control.label === label);
}

function Opacity({ layer }: { readonly layer: LayerState }) {
  const { setLayer } = useCommands();
  return (
    <label className="dv-control-row">
      <span>opacity</span>
      <input
        type="range"
        min={0}
        max={1}
        step={0.01}
        value={layer.opacity}
        aria-label={`Opacity of ${layer.title}`}
        onChange={(event) => setLayer(layer.name, { opacity: Number(event.target.value) })}
      />
      <output>{Math.round(layer.opacity * 100)} %</output>
    </label>
  );
}
