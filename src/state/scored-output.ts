/** One row of scores that were computed here, under DaCapo's own names. */
export type ScoredOutput = {
  readonly iteration: number;
  readonly dataset: string;
  readonly parameters: string;
  /** NaN where DaCapo writes NaN. */
  readonly criteria: Readonly<Record<string, number>>;
};

/** An output that was not scored, and why; a sentence. */
export type LeftOutput = { readonly dataset: string; readonly parameters: string; readonly message: string };

export type Validated = { readonly scores: readonly ScoredOutput[]; readonly left: readonly LeftOutput[] };

/** Outputs done of all, and which one was done last or, with `part`, is being made; what a network has yet to compute is told by the state. */
export type ValidationProgress = {
  readonly done: number;
  readonly total: number;
  readonly dataset?: string;
  readonly parameters?: string;
  /** Of the output that is being made, how much is done; up to 1. */
  readonly part?: number;
};
