import type { ManagedUserLayer } from "neuroglancer/unstable/layer/index.js";
import type { ShaderControl } from "./shader-controls.ts";
import type { LayerControl, LayerControlValue, Segment } from "./volume-viewer.ts";

// neuroglancer's image and segmentation layers carry no types: what is used of them is said here.

type Watchable<T> = { value: T; readonly changed: { add(listener: () => void): () => void } };

type InvlerpValue = { range: readonly unknown[]; window: readonly unknown[]; channel: readonly number[] };

type ControlState = {
  readonly control: { readonly type: string; readonly min?: number; readonly max?: number; readonly step?: number };
  readonly trackable: { value: unknown; toJSON(): unknown; restoreState(json: unknown): void };
};

type Restorable = { restoreState(json: unknown): void };

type ImageLayer = {
  readonly type: "image";
  readonly opacity: Watchable<number> & Restorable;
  readonly blendMode: Restorable;
  readonly fragmentMain: Watchable<string> & Restorable;
  readonly shaderControlState: Restorable & { readonly state: ReadonlyMap<string, ControlState> };
};

type SegmentSet = {
  readonly size: number;
  clear(): void;
  add(id: bigint): void;
  [Symbol.iterator](): Iterator<bigint>;
};

type SegmentationLayer = {
  readonly type: "segmentation";
  readonly displayState: {
    readonly selectedAlpha: Watchable<number> & Restorable;
    readonly notSelectedAlpha: Restorable;
    readonly saturation: Restorable;
    readonly segmentColorHash: Restorable;
    readonly segmentationColorGroupState: Watchable<{
      readonly segmentColorHash: { compute(rgb: Float32Array, id: bigint): void };
    }>;
    readonly segmentationGroupState: Watchable<{
      readonly visibleSegments: SegmentSet;
      /** With those that neuroglancer keeps in its list unseen. */
      readonly selectedSegments: SegmentSet;
    }>;
  };
};

function userLayerOf(layer: ManagedUserLayer): ImageLayer | SegmentationLayer | undefined {
  return (layer.layer ?? undefined) as unknown as ImageLayer | SegmentationLayer | undefined;
}

export function imageLayerOf(layer: ManagedUserLayer): ImageLayer | undefined {
  const user = userLayerOf(layer);
  return user?.type === "image" ? user : undefined;
}

function segmentationLayerOf(layer: ManagedUserLayer): SegmentationLayer | undefined {
  const user = userLayerOf(layer);
  return user?.type === "segmentation" ? user : undefined;
}

function opacityOf(layer: ManagedUserLayer): Watchable<number> | undefined {
  return imageLayerOf(layer)?.opacity ?? segmentationLayerOf(layer)?.displayState.selectedAlpha;
}

export function getOpacity(layer: ManagedUserLayer): number {
  return opacityOf(layer)?.value ?? 1;
}

export function setOpacity(layer: ManagedUserLayer, opacity: number): void {
  const watchable = opacityOf(layer);
  if (watchable !== undefined) watchable.value = Math.min(1, Math.max(0, opacity));
}

export function selectSegments(layer: ManagedUserLayer, ids: readonly bigint[]): void {
  const segments = segmentationLayerOf(layer)?.displayState.segmentationGroupState.value;
  segments?.selectedSegments.clear(); // and with them the visible ones
  for (const id of ids) segments?.visibleSegments.add(BigInt.asUintN(64, id));
}

/** Those selected, in ascending order. */
export function getSegments(layer: ManagedUserLayer): readonly Segment[] | undefined {
  const state = segmentationLayerOf(layer)?.displayState;
  if (state === undefined) return undefined;
  const rgb = new Float32Array(3);
  const { segmentColorHash } = state.segmentationColorGroupState.value;
  const ids = [...state.segmentationGroupState.value.visibleSegments].sort((a, b) => (a < b ? -1 : 1));
  return ids.map((id) => {
    segmentColorHash.compute(rgb, id);
    return { id, color: toHex(rgb) };
  });
}

/** Keys of neuroglancer's layer JSON to what holds them. */
function restorablesOf(layer: ManagedUserLayer): ReadonlyMap<string, Restorable> {
  const image = imageLayerOf(layer);
  const state = segmentationLayerOf(layer)?.displayState;
  if (image !== undefined) {
    return new Map<string, Restorable>([
      ["opacity", image.opacity],
      ["blend", image.blendMode],
      ["shader", image.fragmentMain],
      ["shaderControls", image.shaderControlState],
    ]);
  }
  return new Map<string, Restorable>(
    state && [
      ["selectedAlpha", state.selectedAlpha],
      ["notSelectedAlpha", state.notSelectedAlpha],
      ["saturation", state.saturation],
      ["colorSeed", state.segmentColorHash],
      ["segments", { restoreState: (ids) => selectSegments(layer, toIds(ids)) }],
    ],
  );
}

function toIds(json: unknown): readonly bigint[] {
  const ids = Array.isArray(json) ? json.map(String) : [];
  return ids.filter((id) => /^\d{1,20}$/.test(id)).map(BigInt);
}

/** Puts checked parts of a layer's JSON on a layer that is already there. */
export function applyLook(layer: ManagedUserLayer, look: Readonly<Record<string, unknown>>): void {
  for (const [key, target] of restorablesOf(layer)) {
    if (look[key] !== undefined) target.restoreState(look[key]);
  }
  if (typeof look.visible === "boolean") layer.setVisible(look.visible);
}

const OWN_LOOK = new Set(["segments", "opacity", "selectedAlpha"]);

/** Takes over what is not so yet of `look`, which is that of `model`. Segments are a layer's own. */
export function matchLook(layer: ManagedUserLayer, look: Readonly<Record<string, unknown>>, model: ManagedUserLayer) {
  const now = layer.toJSON() as Readonly<Record<string, unknown>>;
  for (const [key, target] of restorablesOf(layer)) {
    if (OWN_LOOK.has(key) || JSON.stringify(now[key]) === JSON.stringify(look[key])) continue;
    target.restoreState(look[key] ?? (key === "shaderControls" ? {} : undefined));
  }
  if (getOpacity(layer) !== getOpacity(model)) setOpacity(layer, getOpacity(model));
  if (layer.visible !== model.visible) layer.setVisible(model.visible);
}

function toHex(rgb: unknown): string {
  const channels = Array.from(rgb as ArrayLike<number>);
  return `#${channels
    .map((c) =>
      Math.round(255 * c)
        .toString(16)
        .padStart(2, "0"),
    )
    .join("")}`;
}

function toControl(name: string, { label, options }: ShaderControl, state: ControlState): LayerControl | undefined {
  const { control, trackable } = state;
  const { value } = trackable;
  switch (control.type) {
    case "checkbox":
      return { type: "checkbox", name, label, value: value === true };
    case "color":
      return { type: "color", name, label, value: toHex(value) };
    case "slider": {
      if (options !== undefined) return { type: "choice", name, label, value: Number(value), options };
      const { min = 0, max = 1, step = 0.01 } = control;
      return { type: "slider", name, label, value: Number(value), min, max, step };
    }
    case "imageInvlerp": {
      const [black, white] = (value as InvlerpValue).range;
      return { type: "range", name, label, value: [Number(black), Number(white)] };
    }
    default:
      return undefined;
  }
}

/** `known`: what is known of the controls of the layer's own shader; a link may have brought another. */
export function getControls(
  layer: ManagedUserLayer,
  known: ReadonlyMap<string, ShaderControl>,
): readonly LayerControl[] {
  const state = imageLayerOf(layer)?.shaderControlState.state ?? new Map<string, ControlState>();
  return [...state].flatMap(
    ([name, control]) => toControl(name, known.get(name) ?? { id: name, label: name, declaration: "" }, control) ?? [],
  );
}

/** The present value of one control of the shader, as neuroglancer holds it. */
export function getControl(layer: ManagedUserLayer, name: string): unknown {
  return imageLayerOf(layer)?.shaderControlState.state.get(name)?.trackable.value;
}

/** False where the layer has no such control, or not yet, or the value is of another type. */
export function setControl(layer: ManagedUserLayer, name: string, value: LayerControlValue): boolean {
  const found = imageLayerOf(layer)?.shaderControlState.state.get(name);
  if (found === undefined) return false;
  const { control, trackable } = found;
  try {
    trackable.restoreState(control.type === "imageInvlerp" ? toInvlerpJson(trackable, value) : value);
    return true;
  } catch {
    return false;
  }
}

function toInvlerpJson(trackable: ControlState["trackable"], range: LayerControlValue): unknown {
  const { channel } = trackable.value as InvlerpValue;
  return { range, window: range, channel };
}
