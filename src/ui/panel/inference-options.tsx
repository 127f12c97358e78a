import type { InferenceSettings, RunState } from "#state/app-state.ts";
import { canAugmentRun, toSettings } from "#state/inference-settings.ts";
import { ChoiceField } from "../parts/choice-field.tsx";

type Props = {
  readonly run: RunState;
  readonly value: InferenceSettings;
  readonly onChange: (settings: InferenceSettings) => void;
};

/** How the network is run; each choice holds from the next start. */
export function InferenceOptions({ run, value, onChange }: Props) {
  const set = (part: Parameters<typeof toSettings>[0]) => onChange(toSettings({ ...value, ...part }));
  const count = Object.keys(value).length;
  return (
    <details className="dv-options">
      <summary>Options{count === 0 ? "" : ` (${count} chosen)`}</summary>
      <div className="dv-options-body">
        <Augmentation run={run} value={value} onChange={(augmentation) => set({ augmentation })} />
        <Check
          label="Mirror the raw at its edges (DaCapo fills with zeros)"
          checked={value.edges === "reflect"}
          onChange={(on) => set({ edges: on && "reflect" })}
        />
        <Check
          label="Without the seams of DaCapo's blocks"
          checked={value.seamless ?? false}
          onChange={(on) => set({ seamless: on && true })}
        />
        <Check
          label="Half precision on the GPU, if it is exact enough"
          checked={value.halfPrecision ?? false}
          onChange={(on) => set({ halfPrecision: on && true })}
        />
        <Check
          label="Keep finished blocks in this browser between visits"
          checked={value.keep ?? false}
          onChange={(on) => set({ keep: on && true })}
        />
      </div>
    </details>
  );
}

type CheckProps = {
  readonly label: string;
  readonly checked: boolean;
  readonly onChange: (on: boolean) => void;
};

function Check({ label, checked, onChange }: CheckProps) {
  return (
    <label className="dv-check">
      <input type="checkbox" checked={checked} onChange={(event) => onChange(event.target.checked)} />
      {label}
    </label>
  );
}

type AugmentationProps = Pick<Props, "run" | "value"> & {
  readonly onChange: (choice: InferenceSettings["augmentation"]) => void;
};

function Augmentation({ run, value, onChange }: AugmentationProps) {
  const possible = canAugmentRun(run);
  return (
    <ChoiceField
      label="average over"
      name="Test-time augmentation"
      title={possible ? undefined : "These channels have directions, which turning would mix up."}
      disabled={!possible}
      value={possible ? (value.augmentation ?? "none") : "none"}
      onChange={(way) => onChange(way === "flips" || way === "all" ? way : undefined)}
    >
      <option value="none">{possible ? "nothing" : "nothing: these channels have directions"}</option>
      <option value="flips">4 flips</option>
      <option value="all">8 flips and turns</option>
    </ChoiceField>
  );
}
