import type { ShaderKey } from "./shader-controls.ts";
import type { LayerControl, LayerKey } from "./volume-viewer.ts";

/** What is drawn as the controls stand; `undefined` where no colour means anything. */
export function toLayerKey(
  { intro, entries, mixed }: ShaderKey,
  controls: readonly LayerControl[],
): LayerKey | undefined {
  const values = new Map(controls.map(({ name, value }) => [name, value]));
  const shown = entries.filter((entry) => entry.shown === undefined || values.get(entry.shown) !== false);
  const all = mixed !== undefined && shown.length > 1 ? [...shown, mixed] : shown;
  const drawn = all.flatMap(({ text, color }) => {
    const value = values.get(color);
    return typeof value === "string" ? [{ text, color: value }] : [];
  });
  if (drawn.length === 0) return undefined;
  return { intro: intro?.((control) => values.get(control)) ?? "", entries: drawn };
}
