import type { RunId } from "./app-state.ts";

export type LayerRole =
  | "raw"
  | "gt"
  | "prediction"
  | "segmentation"
  | "best"
  | "errors"
  | "inference"
  | "inference B"
  | "prediction B"
  | "segmentation B"
  | "difference"
  | "agreement"
  | "target"
  | "weight"
  | "mask"
  | "gradients";

export type LayerPlan = {
  readonly name: LayerRole;
  readonly run: RunId;
  /** Below the run's folder, unencoded. */
  readonly path: string;
  /** Of what lies elsewhere. */
  readonly source?: string;
  /** For people: "prediction at 800". */
  readonly title: string;
  readonly iteration?: number;
  /** Until a person says otherwise. */
  readonly visible: boolean;
  /** Of what is computed in this page: which of the networks that were started computes it. */
  readonly generation?: number;
  /** Of a batch that the training kept. `stack`: its place in arrays that grow, which are opened anew when `version` changes. */
  readonly snapshot?: { readonly stack?: { readonly index: number; readonly version: number } };
  /** Why it is not drawn; a sentence. */
  readonly withheld?: string;
  /** Drawn in the second view alone, or in both; in the first by default. */
  readonly views?: "second" | "both";
  /** The layer whose look it has. */
  readonly looksLike?: LayerRole;
  /** Computed from these two, A and B. */
  readonly of?: readonly [LayerPlan, LayerPlan];
};
