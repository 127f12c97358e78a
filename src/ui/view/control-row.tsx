import type { LayerControl, LayerControlValue } from "#volumes/volume-viewer.ts";
import { toShortNumber } from "../words.ts";
import { type ColorControl, channelOf } from "./channel-controls.ts";
import { ContrastControl } from "./contrast-control.tsx";

type Props = {
  readonly control: LayerControl;
  /** Of the same channel, drawn in the same row. */
  readonly color: ColorControl | undefined;
  readonly name: string;
  /** Title of the layer, for names that screen readers say. */
  readonly layer: string;
  readonly set: (control: string, value: LayerControlValue) => void;
};

export function ControlRow({ control, color, name, layer, set }: Props) {
  switch (control.type) {
    case "checkbox":
      return (
        <div className="dv-channel-row">
          <label className="dv-check">
            <input
              type="checkbox"
              checked={control.value}
              onChange={(event) => set(control.name, event.target.checked)}
            />
            {control.label}
          </label>
          {color === undefined ? undefined : <Color control={color} layer={layer} set={set} />}
        </div>
      );
    case "color":
      return (
        <div className="dv-channel-row">
          <span className="dv-check">{channelOf(control)}</span>
          <Color control={control} layer={layer} set={set} />
        </div>
      );
    case "slider":
      return <Slider control={control} set={set} />;
    case "choice":
      return <Choice control={control} layer={layer} set={set} />;
    case "range":
      return <ContrastControl control={control} name={name} layer={layer} set={set} />;
  }
}

function Color({ control, layer, set }: Pick<Props, "layer" | "set"> & { readonly control: ColorControl }) {
  return (
    <input
      type="color"
      aria-label={`Colour of ${channelOf(control)} in ${layer}`}
      value={control.value}
      onChange={(event) => set(control.name, event.target.value)}
    />
  );
}

type Set = Pick<Props, "set">;

function Slider({ control, set }: Set & { readonly control: Extract<LayerControl, { type: "slider" }> }) {
  return (
    <label className="dv-control-row">
      <span>{control.label}</span>
      <input
        type="range"
        min={control.min}
        max={control.max}
        step={control.step}
        value={control.value}
        onChange={(event) => set(control.name, Number(event.target.value))}
      />
      <output>{toShortNumber(control.value)}</output>
    </label>
  );
}

type ChoiceProps = Set & { readonly control: Extract<LayerControl, { type: "choice" }>; readonly layer: string };

function Choice({ control, layer, set }: ChoiceProps) {
  return (
    <label className="dv-control-row">
      <span>{control.label}</span>
      <select
        className="dv-select"
        aria-label={`${control.label} of ${layer}`}
        value={control.value}
        onChange={(event) => set(control.name, Number(event.target.value))}
      >
        {control.options.map((option, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: channels may share a name, and their order never changes
          <option key={index} value={index}>
            {option}
          </option>
        ))}
      </select>
    </label>
  );
}
