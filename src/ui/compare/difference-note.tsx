import type { AppState } from "#state/app-state.ts";
import type { LayerControl } from "#volumes/volume-viewer.ts";
import { useAppState, useCommands, useShallowState } from "../app-context.ts";
import { useLayerControls } from "../view/use-layer-controls.ts";
import { toCount, toShortNumber } from "../words.ts";

const layers = [
  { name: "difference", text: "predictions" },
  { name: "agreement", text: "segmentations" },
] as const;

type Name = (typeof layers)[number]["name"];

/** Which of both is compared, and what its colours mean. */
export function DifferenceNote() {
  const visible = useShallowState((state) => state.layers.filter((layer) => layer.visible).map(({ name }) => name));
  return (
    <div className="dv-compare-row">
      <LayerSwitch visible={visible} />
      {visible.includes("difference") ? <Scale /> : undefined}
      {visible.includes("agreement") ? <Agreement /> : <Unmatched />}
    </div>
  );
}

function LayerSwitch({ visible }: { readonly visible: readonly string[] }) {
  const { setLayer } = useCommands();
  const names = useShallowState((state) => state.layers.map(({ name }) => name));
  const offered = layers.filter(({ name }) => names.includes(name));
  if (offered.length < 2) return undefined;
  const show = (wanted: Name) => {
    for (const { name } of offered) setLayer(name, { visible: name === wanted });
  };
  return (
    <fieldset className="dv-compare-modes" aria-label="What is compared">
      {offered.map(({ name, text }) => (
        <button
          key={name}
          type="button"
          className="dv-button"
          aria-pressed={visible.includes(name)}
          onClick={() => show(name)}
        >
          {text}
        </button>
      ))}
    </fieldset>
  );
}

function controlValue(controls: readonly LayerControl[], name: string): LayerControl["value"] | undefined {
  return controls.find((control) => control.name === name)?.value;
}

/** From A higher over equal, which is clear, to B higher. */
function Scale() {
  const { controls } = useLayerControls("difference");
  const range = toShortNumber(Number(controlValue(controls, "range") ?? Number.NaN));
  const [lower, higher] = [controlValue(controls, "lower"), controlValue(controls, "higher")];
  if (lower === undefined || higher === undefined) return undefined;
  const ramp = { background: `linear-gradient(90deg, ${lower}, transparent, ${higher})` };
  return (
    <span
      className="dv-compare-scale"
      role="img"
      aria-label={`B less A: from -${range}, A higher, to ${range}, B higher`}
    >
      <span>−{range} A higher</span>
      <span className="dv-compare-ramp" style={ramp}>
        <span>0</span>
      </span>
      <span>B higher +{range}</span>
    </span>
  );
}

function Agreement() {
  const matching = useAppState((state) => state.matching);
  return matching === undefined ? <Meaning /> : <Matching progress={matching} />;
}

type Progress = NonNullable<AppState["matching"]>;

/** Hidden, it is not continued. */
function Matching({ progress: { done, total } }: { readonly progress: Progress }) {
  const { setLayer } = useCommands();
  const text = `Matching objects: part ${toCount(done + 1)} of ${toCount(total)}`;
  return (
    <>
      <span role="status">{text}</span>
      <progress className="dv-progress dv-compare-progress" aria-label="Matching objects" value={done} max={total} />
      <button type="button" className="dv-button" onClick={() => setLayer("agreement", { visible: false })}>
        Cancel
      </button>
    </>
  );
}

/** Where there is nothing else to be compared, no switch shows it again. */
function Unmatched() {
  const { setLayer } = useCommands();
  const names = useShallowState((state) => state.layers.map(({ name }) => name));
  if (!names.includes("agreement") || names.includes("difference")) return undefined;
  return (
    <button type="button" className="dv-button" onClick={() => setLayer("agreement", { visible: true })}>
      Show where the segmentations agree
    </button>
  );
}

const meanings: Readonly<Record<string, string>> = {
  instances: "Objects are the same where more than half of both together is common to them.",
  "class-segmentation": "Voxels are the same where they have one class.",
};

function Meaning() {
  const kind = useAppState((state) => state.layers.find(({ name }) => name === "segmentation")?.kind);
  return <span className="dv-dim">{meanings[kind ?? ""] ?? "Voxels are the same where both are inside."}</span>;
}
