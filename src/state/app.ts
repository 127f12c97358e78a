import type { StoreApi } from "zustand/vanilla";
import type { LayerControlValue, VolumeViewer } from "#volumes/volume-viewer.ts";
import type { AppState, CompareState, InferenceWish, OwnRef, RunId, SelectionPart, Theme } from "./app-state.ts";
import type { ProtocolMessage } from "./contract-message.ts";
import type { OtherRaw } from "./other-raws.ts";
import type { PanelTab } from "./panel-tab.ts";
import type { ValidationWish } from "./plan-validation.ts";
import type { ReachedArray } from "./reach-array.ts";
import type { RunTableChoice } from "./run-table.ts";
import type { Validated, ValidationProgress } from "./scored-output.ts";
import type { SharedLink } from "./view-link.ts";
import type { ViewRequest } from "./view-url.ts";

/** Everything that a person or a host page can do; each returns when its effect is in the state. */
export type Commands = {
  /** Opens runs by address (http, s3, relative to the page), replacing those that are open. */
  openRuns(addresses: readonly string[]): Promise<void>;
  /** Lists the runs of a base directory for the start page. */
  openBase(address: string): Promise<void>;
  /** Changes how the list of runs is sorted, filtered and grouped. */
  arrangeRuns(part: { readonly [K in keyof RunTableChoice]?: RunTableChoice[K] | undefined }): void;
  /** Which runs of the list are on the screen: they are read first, and looked at again. */
  showRuns(names: readonly string[]): void;
  /** Opens what an address names: one run, or the list of a base's runs. A bad address becomes a problem. */
  openAddress(address: string): Promise<void>;
  /** Opens a run's folder, or a runs base directory; `as`: in place of one that is not to be had, by its address. */
  openDirectory(handle: FileSystemDirectoryHandle, as?: string): Promise<void>;
  /** Tries once more to open what the address asks for; `without` what is in that folder. */
  openAsked(without?: string): Promise<void>;
  closeRuns(): void;
  select(part: SelectionPart): void;
  /** Looks at another result beside the selected one; parts that are undefined are those of the selection again. */
  compare(part: { readonly [K in keyof CompareState]?: CompareState[K] | undefined } | undefined): void;
  /** A becomes B, and B becomes A. */
  swapCompared(): void;
  /** Moves the divider between A and B, 0 to 1. */
  setSplit(split: number): void;
  /** Shows the other one of both for a while. */
  peek(on: boolean): void;
  /** Moves to the next or previous validated iteration; stays at the ends. */
  step(by: number): void;
  first(): void;
  last(): void;
  setPlaying(playing: boolean): void;
  setFollow(part: { enabled?: boolean; intervalMs?: number }): void;
  checkNow(): Promise<void>;
  retryRun(run: RunId): Promise<void>;
  setLayer(name: string, part: { visible?: boolean; opacity?: number }): void;
  setShaderControl(name: string, control: string, value: LayerControlValue): void;
  /** Black and white as the values that are loaded suggest. */
  resetContrast(name: string): void;
  /** These segments of a layer alone; none shows all of them alike. */
  selectSegments(name: string, ids: readonly bigint[]): void;
  setView(part: { position?: readonly number[]; scale?: number; layout?: string }): void;
  frame(): void;
  setCursor(iteration: number | undefined): void;
  setTheme(theme: Theme): void;
  setPanel(part: { open?: boolean; tab?: PanelTab; width?: number }): void;
  dismissNotice(id: string): void;
  dismissProblem(id: string): void;
  forgetRecent(url: string): void;
  /** The URL that shows the same in a fresh browser, and what it leaves out; `segments: false` leaves out those selected. */
  linkToView(part?: { readonly segments?: boolean }): Promise<SharedLink>;
  /** The same as Markdown: what is shown, and the link. */
  markdownOfView(): Promise<string>;
  /** A stock neuroglancer URL, and sentences about what it cannot show. */
  linkToNeuroglancer(): { readonly url: string; readonly omitted: readonly string[] };
  /** Runs the network of a checkpoint where one looks; resolves once the layer exists, rejects with a sentence. */
  infer(wish: InferenceWish): Promise<void>;
  /** Brings a model along; resolves once it is described, rejects with a sentence, which the state has too. */
  addModel(origin: File | string): Promise<OwnRef>;
  /** How the axes of a model's input are to be read, such as "bczyx". */
  setModelLayout(id: string, layout: string): Promise<void>;
  forgetModel(id: string): void;
  /** Brings an array along to run networks on: an address, a folder of the person's own disk, or what the config names. As `addModel`. */
  addRaw(origin: FileSystemDirectoryHandle | string | OtherRaw): Promise<OwnRef>;
  forgetRaw(id: string): void;
  /** Whether an array that the run's config names can be read from here. */
  reachArray(file: OtherRaw, signal: AbortSignal): Promise<ReachedArray>;
  /** Which model and array of one's own are to be run next, by id; undefined takes the run's. */
  pick(part: AppState["pick"]): void;
  pauseInference(paused: boolean): void;
  /** Drops what is queued, until it is resumed. */
  cancelInference(): void;
  closeInference(): void;
  /** Computes what is visible, or all of it, whether anybody looks or not; the state tells what comes of it. */
  computeInference(what: "view" | "all"): Promise<void>;
  stopInferenceRegion(): void;
  /** Goes on with what an earlier visit began to compute as a whole; rejects with a sentence. */
  resumeInferenceJob(): Promise<void>;
  forgetInferenceJob(): void;
  /** Agrees to fetching what was asked about. */
  confirmInference(): void;
  /** Whether the network is run anew for whatever iteration and dataset is shown. */
  followInference(follows: boolean): void;
  /** Keeps what is computed now as a layer of its own, to compare the next with it. */
  keepInference(): void;
  closeInferenceB(): void;
  /** Shows a prediction that was refused because it is too far from what it was compared with. */
  insistOnInference(): void;
  /** Scores outputs of the selected run against the ground truth; rejects with a sentence, or when `signal` aborts. */
  validate(
    wish: ValidationWish,
    options: { readonly signal: AbortSignal; readonly onProgress: (progress: ValidationProgress) => void },
  ): Promise<Validated>;
  /** `scale`: how many pixels of the picture to one of the screen, 1 to 4. */
  /** Whether errors of the shown output are looked for, whatever is chosen meanwhile. */
  showErrors(wanted: boolean): void;
  /** Compares anew, or agrees to reading what was asked about. */
  computeErrors(): void;
  stopErrors(): void;
  /** Centres on a voxel of the comparison, and selects segments by layer. */
  goToError(error: {
    readonly place: readonly number[];
    readonly segments?: Readonly<Record<string, readonly bigint[]>>;
  }): void;
  screenshot(scale?: number): Promise<Blob>;
  /** Hands over a viewer; returns what takes it back. */
  attachViewer(viewer: VolumeViewer): () => void;
  setViewerStatus(status: AppState["viewer"], message?: string): void;
};

export type App = {
  readonly store: StoreApi<AppState>;
  readonly commands: Commands;
  /** Whether there is a page that a link could lead to. */
  readonly hasOwnPage: boolean;
  /** The attached viewer, for what is too fast for the state: hover values and shader controls. */
  viewer(): VolumeViewer | undefined;
  /** The contract's `validation` and `best` messages, as they are found. */
  onMessage(listener: (message: ProtocolMessage) => void): () => void;
  /** What a view URL of this state says. */
  toRequest(state: AppState): ViewRequest;
  /** Makes the state what a view URL says, without opening again what is open. */
  apply(request: ViewRequest): Promise<void>;
  dispose(): void;
};
