import type { RunId } from "./app-state.ts";

export type LayerRole = "raw" | "gt" | "prediction" | "segmentation" | "best" | "errors" | "inference" | "inference B";

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
  /** Why it is not drawn; a sentence. */
  readonly withheld?: string;
};
