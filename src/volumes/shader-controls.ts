import type { LayerControlValue } from "./volume-viewer.ts";

/** A control of a shader; `label` is its name for people. */
export type ShaderControl = {
  readonly id: string;
  readonly label: string;
  readonly declaration: string;
  /** Names of a slider's whole numbers, which are then chosen from instead. */
  readonly options?: readonly string[];
};

/** What the colours of a shader mean. `color` and `shown` are ids of controls. */
export type ShaderKey = {
  /** What all entries have in common; of the present values of the controls. */
  readonly intro?: (read: (control: string) => LayerControlValue | undefined) => string;
  readonly entries: readonly { readonly text: string; readonly color: string; readonly shown?: string }[];
  /** Where all that are shown agree. */
  readonly mixed?: { readonly text: string; readonly color: string };
};

/** GLSL for a neuroglancer image layer, and its controls by id. */
export type Shader = {
  readonly code: string;
  readonly controls: ReadonlyMap<string, ShaderControl>;
  readonly key: ShaderKey;
};

export function checkbox(id: string, label: string, on: boolean): ShaderControl {
  return { id, label, declaration: `#uicontrol bool ${id} checkbox(default=${on})` };
}

export function color(id: string, label: string, value: string): ShaderControl {
  return { id, label, declaration: `#uicontrol vec3 ${id} color(default="${value}")` };
}

type Bounds = readonly [min: number, max: number, step: number, value: number];

export function slider(id: string, label: string, [min, max, step, value]: Bounds): ShaderControl {
  const declaration = `#uicontrol float ${id} slider(min=${min}, max=${max}, step=${step}, default=${value})`;
  return { id, label, declaration };
}

export function channelChoice(options: readonly string[]): ShaderControl {
  const declaration = `#uicontrol int channel slider(min=0, max=${options.length - 1}, step=1, default=0)`;
  return { id: "channel", label: "channel", declaration, options };
}

export const contrast: ShaderControl = {
  id: "contrast",
  label: "contrast",
  declaration: "#uicontrol invlerp contrast",
};

export function toShader(
  controls: readonly ShaderControl[],
  body: readonly string[],
  key: ShaderKey = { entries: [] },
): Shader {
  return {
    code: `${[...controls.map(({ declaration }) => declaration), ...body].join("\n")}\n`,
    controls: new Map(controls.map((control) => [control.id, control])),
    key,
  };
}
