// The messages of the public contract, section 4, as pages that mount a viewer see them.
import type { ContractState } from "#state/contract-state.ts";
import type { LeftOutput, ScoredOutput } from "#state/scored-output.ts";

type Iteration = number | "latest" | "best";

/** What a page may ask. */
export type RunViewerRequest = { readonly id?: string | number } & (
  | { readonly type: "getState" }
  | { readonly type: "open"; readonly runs: readonly string[] }
  | {
      readonly type: "select";
      readonly run?: string;
      readonly dataset?: string;
      readonly iteration?: Iteration;
      readonly criterion?: string;
      readonly parameters?: string;
    }
  | {
      readonly type: "setView";
      readonly view: {
        /** z, y, x. */
        readonly position?: readonly number[];
        readonly scale?: number;
        readonly layout?: string;
        readonly unit?: string;
      };
    }
  | {
      readonly type: "read";
      readonly layer: string;
      readonly begin: readonly number[];
      readonly end: readonly number[];
    }
  | {
      readonly type: "infer";
      readonly model: { readonly iteration: Iteration } | { readonly url: string };
      readonly dataset?: string;
      readonly raw?: string;
      readonly normalisation?: { readonly min: number; readonly max: number };
      readonly resample?: boolean;
      readonly device?: "webgpu" | "wasm";
    }
  | {
      readonly type: "validate";
      readonly iteration: Iteration;
      readonly dataset?: string;
      readonly parameters?: string;
      readonly prediction?: "stored" | "inference";
    }
  | { readonly type: "setTheme"; readonly theme: "light" | "dark" | "system" }
  | { readonly type: "screenshot" }
);

type Best = ContractState["runs"][number]["best"][number];

/** What a viewer answers, and tells by itself. */
export type RunViewerMessage = {
  readonly app: "dacapo-run-viewer";
  readonly v: 1;
  readonly id?: string | number | undefined;
} & (
  | { readonly type: "ready" }
  | { readonly type: "state"; readonly state: ContractState }
  | { readonly type: "validation"; readonly run: string; readonly iteration: number }
  | ({ readonly type: "best"; readonly run: string } & Best)
  | { readonly type: "error"; readonly code: string; readonly message: string; readonly subject: string }
  | {
      readonly type: "block";
      readonly layer: string;
      /** NumPy's, such as "<f4". */
      readonly dtype: string;
      readonly shape: readonly number[];
      /** C order. */
      readonly data: ArrayBuffer;
    }
  | { readonly type: "progress"; readonly done: number; readonly total: number }
  | { readonly type: "scores"; readonly scores: readonly ScoredOutput[]; readonly left: readonly LeftOutput[] }
  | { readonly type: "image"; readonly image: Blob }
);
