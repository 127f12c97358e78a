import { type KeyboardEvent, type PointerEvent, useId, useRef, useState } from "react";
import type { LayerControl, LayerControlValue, ValueHistogram, VolumeViewer } from "#volumes/volume-viewer.ts";
import { useCommands } from "../app-context.ts";
import { toShortNumber } from "../words.ts";
import { moveHandle, type Span, toFraction, toHistogramPath, toKeyedValue, toSpan, toValue } from "./contrast-scale.ts";
import { useOfLayer } from "./use-of-viewer.ts";

type Props = {
  readonly control: Extract<LayerControl, { type: "range" }>;
  readonly name: string;
  /** Title of the layer, for names that screen readers say. */
  readonly layer: string;
  readonly set: (control: string, value: LayerControlValue) => void;
};

/** Values are counted again when they have stayed for so long. */
const quietMs = 400;

const read = (viewer: VolumeViewer, name: string) => viewer.getHistogram(name);

/** Black and white over how often each value occurs in what is loaded. */
export function ContrastControl({ control, name, layer, set }: Props) {
  const { resetContrast } = useCommands();
  const { value: histogram } = useOfLayer(name, read, quietMs);
  const [black, white] = control.value;
  const change = (range: Span) => set(control.name, range);
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset would be one more box in the card
    <div className="dv-contrast" role="group" aria-label={`Contrast of ${layer}`}>
      <Plot histogram={histogram} range={control.value} layer={layer} change={change} />
      <div className="dv-contrast-row">
        <Bound label={`Black of ${layer}`} value={black} onChange={(value) => change([value, white])} />
        <button
          type="button"
          className="dv-button"
          title="Black and white from the values that are loaded"
          aria-label={`Contrast of ${layer} from its values`}
          disabled={histogram === undefined}
          onClick={() => resetContrast(name)}
        >
          auto
        </button>
        <Bound label={`White of ${layer}`} value={white} onChange={(value) => change([black, value])} />
      </div>
    </div>
  );
}

type PlotProps = {
  readonly histogram: ValueHistogram | undefined;
  readonly range: Span;
  readonly layer: string;
  readonly change: (range: Span) => void;
};

function Plot({ histogram, range, layer, change }: PlotProps) {
  /** The span stays while a handle is pulled, or values would slide away under it. */
  const [pulled, setPulled] = useState<{ readonly handle: 0 | 1; readonly span: Span }>();
  const plot = useRef<HTMLDivElement>(null);
  const span = pulled?.span ?? toSpan(histogram, range);
  const valueAt = ({ clientX }: PointerEvent) => {
    const { left, width } = plot.current?.getBoundingClientRect() ?? { left: 0, width: 1 };
    return toValue((clientX - left) / width, span);
  };
  const pull = (event: PointerEvent) => {
    if (event.button !== 0) return;
    const value = valueAt(event);
    const handle = Math.abs(value - range[0]) <= Math.abs(value - range[1]) ? 0 : 1;
    event.currentTarget.setPointerCapture(event.pointerId);
    event.currentTarget.querySelectorAll<HTMLElement>("[role=slider]")[handle]?.focus();
    event.preventDefault();
    setPulled({ handle, span });
    change(moveHandle(range, handle, value, span));
  };
  const move = (event: PointerEvent) => {
    if (pulled !== undefined) change(moveHandle(range, pulled.handle, valueAt(event), span));
  };
  const release = () => setPulled(undefined);
  return (
    <div
      ref={plot}
      className="dv-contrast-plot"
      onPointerDown={pull}
      onPointerMove={move}
      onPointerUp={release}
      onPointerCancel={release}
    >
      <Bars histogram={histogram} range={range} span={span} />
      <Handle which={0} {...{ range, span, layer, change }} />
      <Handle which={1} {...{ range, span, layer, change }} />
    </div>
  );
}

type BarsProps = Pick<PlotProps, "histogram" | "range"> & { readonly span: Span };

/** What comes out black or white is dimmed; the line is the brightness that a value gets. */
function Bars({ histogram, range, span }: BarsProps) {
  const clip = useId();
  const [black, white] = range.map((value) => toFraction(value, span));
  if (black === undefined || white === undefined) return undefined;
  const path = histogram && toHistogramPath(histogram, span);
  return (
    <svg viewBox="0 0 1 1" preserveAspectRatio="none" aria-hidden="true">
      <clipPath id={clip}>
        <rect x={Math.min(black, white)} y="0" width={Math.abs(white - black)} height="1" />
      </clipPath>
      {path === undefined ? undefined : (
        <>
          <path className="dv-bars" d={path} />
          <path className="dv-bars" data-inside d={path} clipPath={`url(#${clip})`} />
        </>
      )}
      <path className="dv-ramp" d={`M0 1H${black}L${white} 0H1`} />
    </svg>
  );
}

type HandleProps = Omit<PlotProps, "histogram"> & { readonly span: Span; readonly which: 0 | 1 };

function Handle({ which, range, span, layer, change }: HandleProps) {
  const value = range[which];
  const onKeyDown = (event: KeyboardEvent) => {
    const next = toKeyedValue(event.key, value, span);
    if (next === undefined) return;
    event.preventDefault();
    change(moveHandle(range, which, next, span));
  };
  return (
    <div
      className="dv-contrast-handle"
      data-which={which === 0 ? "black" : "white"}
      role="slider"
      tabIndex={0}
      aria-label={`${which === 0 ? "Black" : "White"} point of ${layer}`}
      aria-valuemin={span[0]}
      aria-valuemax={span[1]}
      aria-valuenow={value}
      aria-valuetext={toShortNumber(value)}
      style={{ left: `${100 * toFraction(value, span)}%` }}
      onKeyDown={onKeyDown}
    />
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
