import type { LayerControl, LayerControlValue } from "#volumes/volume-viewer.ts";
import { toShortNumber } from "../words.ts";
import { type ColorControl, channelOf } from "./channel-controls.ts";

type Props = {
  readonly control: LayerControl;
  /** Of the same channel, drawn in the same row. */
  readonly color: ColorControl | undefined;
  /** Title of the layer, for names that screen readers say. */
  readonly layer: string;
  readonly set: (control: string, value: LayerControlValue) => void;
};

export function ControlRow({ control, color, layer, set }: Props) {
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
    case "range":
      return <Contrast control={control} set={set} />;
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

function Contrast({ control, set }: Set & { readonly control: Extract<LayerControl, { type: "range" }> }) {
  const [black, white] = control.value;
  return (
    <div className="dv-control-row">
      <span>{control.label}</span>
      <span className="dv-range-inputs">
        <Bound
          label={`${control.label}, black`}
          value={black}
          onChange={(value) => set(control.name, [value, white])}
        />
        <Bound
          label={`${control.label}, white`}
          value={white}
          onChange={(value) => set(control.name, [black, value])}
        />
      </span>
    </div>
  );
}

type BoundProps = { readonly label: string; readonly value: number; readonly onChange: (value: number) => void };

function Bound({ label, value, onChange }: BoundProps) {
  return (
    <input
      className="dv-input"
      type="number"
      step="any"
      aria-label={label}
      title={label}
      value={Number(value.toPrecision(6))}
      onChange={(event) => {
        if (Number.isFinite(event.target.valueAsNumber)) onChange(event.target.valueAsNumber);
      }}
    />
  );
}
