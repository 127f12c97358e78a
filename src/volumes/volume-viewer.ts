/**
 * volumes/ turns arrays of a run into what neuroglancer draws: coordinate space, source, layer, viewer.
 * It is the only door to neuroglancer, and opens it lazily: this file and the pure ones beside it never import the engine.
 * It must not know runs, iterations, criteria or URLs of the page; whoever calls decides what to show.
 */
import type { ChannelKind } from "#dacapo/task-outputs.ts";
import type { RunArray } from "#storage/open-array.ts";
import type { FixedAxis } from "./coordinate-space.ts";
import type { LayerKind } from "./layer-kind.ts";

/** A channel by the name DaCapo gives it: "aff_1.0.0", "mito", "lsd_0". */
export type ChannelName = string;

export type LayerRequest = {
  /** Unique in the viewer: "raw", "gt", "prediction", "segmentation", "best", "inference", ... */
  readonly name: string;
  readonly kind: LayerKind;
  readonly array: RunArray;
  /** For people: "prediction at 800". */
  readonly title: string;
  /** In array order; missing names are made from the channel's index. */
  readonly channels?: readonly ChannelName[];
  readonly channelKinds?: readonly ChannelKind[];
  /** Identity of the bytes: a layer whose key stays is left alone and never fetched again. */
  readonly key: string;
  readonly visible: boolean;
  /** By how much values of a difference may differ; 1 by default. */
  readonly span?: number;
  /** Axes held at one index and left out: the iteration and batch entry of a snapshot. */
  readonly fixed?: readonly FixedAxis[];
  /** Its chunks come when they have been computed: where one is awaited, the layer is hatched. */
  readonly computed?: boolean;
  /** Drawn in the second view alone, or in both; in the first by default. */
  readonly views?: "second" | "both";
  /** A layer whose look it has at all times. */
  readonly looksLike?: string;
};

/** `over`: on the first one, where it shows what is right of `split`, a part of the width from 0 to 1. */
export type SecondViewPlace = { readonly where: "beside" } | { readonly where: "over"; readonly split: number };

export type Layout = "4panel" | "4panel-alt" | "xy" | "xz" | "yz" | "xy-3d" | "xz-3d" | "yz-3d" | "3d";

export const layouts: readonly Layout[] = ["4panel", "4panel-alt", "xy", "xz", "yz", "xy-3d", "xz-3d", "yz-3d", "3d"];

/** `position` in `unit`, z first (0 where the data has no z); `scale` is `unit` per screen pixel of the cross sections. */
export type View = {
  readonly position: readonly [z: number, y: number, x: number];
  readonly scale: number;
  readonly layout: Layout;
  readonly unit: string;
};

/** The allow-listed part of neuroglancer's state: no sources, no selections of servers, nothing that loads anything. */
export type ViewJson = { readonly [key: string]: unknown };

export type StockState = {
  readonly state: ViewJson;
  /** Layers that stock neuroglancer cannot open, each with a sentence that says why. */
  readonly left: readonly { readonly name: string; readonly reason: string }[];
};

export type LayerControl =
  | { readonly type: "checkbox"; readonly name: string; readonly label: string; readonly value: boolean }
  | { readonly type: "color"; readonly name: string; readonly label: string; readonly value: string }
  | {
      readonly type: "slider";
      readonly name: string;
      readonly label: string;
      readonly value: number;
      readonly min: number;
      readonly max: number;
      readonly step: number;
    }
  | {
      readonly type: "choice";
      readonly name: string;
      readonly label: string;
      /** Index into `options`. */
      readonly value: number;
      readonly options: readonly string[];
    }
  | {
      /** Contrast: the values drawn black and white. */
      readonly type: "range";
      readonly name: string;
      readonly label: string;
      readonly value: readonly [black: number, white: number];
    };

/** What the colours of a layer mean as its controls stand: those that are drawn. */
export type LayerKey = {
  /** What all entries have in common: "boundary along"; may be empty. */
  readonly intro: string;
  readonly entries: readonly { readonly text: string; readonly color: string }[];
};

/** `color` as "#rrggbb". */
export type Segment = { readonly id: bigint; readonly color: string };

/** How often values occur between `begin` and `end`, in bins of equal width; the last one holds `end`. */
export type ValueHistogram = { readonly begin: number; readonly end: number; readonly counts: readonly number[] };

export type LayerControlValue = boolean | string | number | readonly [number, number];

export type LayerState = {
  readonly name: string;
  readonly title: string;
  readonly kind: LayerKind;
  readonly key: string;
  readonly visible: boolean;
  /** 0 to 1. */
  readonly opacity: number;
  /** A newer source of this layer is being loaded beneath it. */
  readonly swapping: boolean;
};

export type VolumeProblem = {
  readonly layer: string;
  /** What could not be drawn, as a path or URL. */
  readonly subject: string;
  /** Chunk indices in array axis order, where one chunk failed. */
  readonly block?: readonly number[];
  readonly error: Error;
  /** One sentence for people. */
  readonly message: string;
};

/** `position` as in View; `values` is the text of the value under the pointer, a layer that has none there is left out. */
export type Hover = {
  readonly position: readonly [z: number, y: number, x: number];
  readonly unit: string;
  readonly values: readonly { readonly layer: string; readonly value: string }[];
};

/** Channels first where there are any; C order; `data` is a fresh buffer that the caller may transfer. */
export type Block = Awaited<ReturnType<RunArray["read"]>>;

export type FetchCount = { readonly reads: number; readonly bytes: number };

export type VolumeViewer = {
  /**
   * Makes the viewer show exactly these layers, lowest first. Layers of unchanged name and key stay untouched; others are swapped
   * without a blank frame. Resolves when all are whole, rejects with AbortError when a newer call or the signal overtakes it.
   */
  setLayers(
    layers: readonly LayerRequest[],
    options?: { readonly signal?: AbortSignal; readonly frame?: boolean },
  ): Promise<void>;
  getLayers(): readonly LayerState[];
  /** A second view with the same camera, for the layers that say so; `undefined` closes it. */
  placeSecondView(place: SecondViewPlace | undefined): void;
  getView(): View;
  /** What the cross sections show, in the view's unit, z first. */
  getVisibleBox(): { readonly begin: readonly number[]; readonly end: readonly number[] };
  /** Parts that are missing stay as they are. */
  setView(view: Partial<View>): void;
  getViewJson(): ViewJson;
  /** Takes what is allowed; returns one sentence for each part that was ignored. Layers that come later find their part waiting. */
  restoreViewJson(json: unknown): readonly string[];
  /** For a neuroglancer that knows nothing of us, of what such a one can open. */
  getStockState(): StockState;
  setLayerVisible(name: string, visible: boolean): void;
  setLayerOpacity(name: string, opacity: number): void;
  setShaderControl(name: string, control: string, value: LayerControlValue): void;
  getLayerControls(name: string): readonly LayerControl[];
  /** `undefined` for a layer whose colours mean nothing by themselves: grey values, segments. */
  getLayerKey(name: string): LayerKey | undefined;
  selectSegments(name: string, ids: readonly bigint[]): void;
  /** Those selected, in ascending order; `undefined` for a layer that has no segments. */
  getSegments(name: string): readonly Segment[] | undefined;
  /** Of the values that are loaded of a layer with a contrast; `undefined` where there are none. */
  getHistogram(name: string): ValueHistogram | undefined;
  /** Sets the contrast from the values that are loaded. */
  resetContrast(name: string): void;
  onChange(listener: () => void): () => void;
  onProblem(listener: (problem: VolumeProblem) => void): () => void;
  onHover(listener: (hover: Hover | undefined) => void): () => void;
  /** Nothing is loading or being swapped and every visible chunk has been drawn, or has failed and been reported. */
  isSettled(): boolean;
  whenSettled(signal?: AbortSignal): Promise<void>;
  /**
   * The array the layer shows, read between two voxels of its own grid, z first ([y, x] or [0, y, x] for 2-D).
   * Throws RangeError where the block is empty, outside, or over 64 MiB.
   */
  read(
    name: string,
    begin: readonly number[],
    end: readonly number[],
    options?: { readonly signal?: AbortSignal },
  ): Promise<Block>;
  /** A PNG of the volumes alone; `scale`: how many of its pixels to one of the screen, 1 to 4. */
  screenshot(scale?: number): Promise<Blob>;
  /** Centres on the data of the shown layers and fits it, cross sections and 3-D. */
  frame(): void;
  /** Per layer name, over all sources it has shown. */
  fetchCounts(): Readonly<Record<string, FetchCount>>;
  /** Asks once more for every chunk that could not be read or decoded. */
  retryFailed(): void;
  /** Asks anew for every chunk of a layer: what its array gives has changed. Nothing where there is no such layer. */
  reload(name: string): void;
  focus(): void;
  dispose(): void;
};

export type VolumeViewerOptions = {
  /** Restored before the first layer appears. */
  readonly view?: unknown;
  readonly theme?: "light" | "dark";
};
