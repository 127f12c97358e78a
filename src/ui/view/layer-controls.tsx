import type { LayerState } from "#state/app-state.ts";
import type { LayerControlValue } from "#volumes/volume-viewer.ts";
import { useCommands } from "../app-context.ts";
import { colorOf, switchOf } from "./channel-controls.ts";
import { ControlRow } from "./control-row.tsx";
import { KeyLine, useLayerKeys } from "./layer-key.tsx";
import { Segments } from "./segments.tsx";
import { useLayerControls } from "./use-layer-controls.ts";

/** Opacity, contrast and channels of one layer; what there is, the viewer says. */
export default function LayerControls({ layer }: { readonly layer: LayerState }) {
  const { name } = layer;
  const { setShaderControl } = useCommands();
  const { controls, refresh } = useLayerControls(name);
  const layerKey = useLayerKeys().get(name);
  const set = (control: string, value: LayerControlValue) => {
    setShaderControl(name, control, value);
    refresh();
  };
  return (
    <div className="dv-layer-controls">
      {layerKey === undefined || layerKey.entries.length < 2 ? undefined : (
        <KeyLine layerKey={layerKey} computed={name === "inference"} />
      )}
      <Opacity layer={layer} />
      {controls.map((control) => {
        if (control.type === "color" && switchOf(controls, control) !== undefined) return undefined;
        const color = control.type === "checkbox" ? colorOf(controls, control) : undefined;
        return <ControlRow key={control.name} {...{ control, color, name, set }} layer={layer.title} />;
      })}
      <Segments layer={layer} />
    </div>
  );
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
