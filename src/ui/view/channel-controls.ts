// A channel has a switch and a colour: two controls of the viewer that are one thing to a person.
import type { LayerControl } from "#volumes/volume-viewer.ts";

export type ColorControl = Extract<LayerControl, { type: "color" }>;
export type SwitchControl = Extract<LayerControl, { type: "checkbox" }>;

/** "aff_1.0.0 colour" and "aff_1.0.0" are of the channel "aff_1.0.0". */
export function channelOf({ label }: LayerControl): string {
  return label.replace(/ colour$/, "");
}

export function colorOf(controls: readonly LayerControl[], of: SwitchControl): ColorControl | undefined {
  return controls.find(
    (control): control is ColorControl => control.type === "color" && channelOf(control) === channelOf(of),
  );
}

export function switchOf(controls: readonly LayerControl[], of: ColorControl): SwitchControl | undefined {
  return controls.find(
    (control): control is SwitchControl => control.type === "checkbox" && channelOf(control) === channelOf(of),
  );
}
