/** What the training seems to be doing, from the stats' age and the configured number of iterations. */
export type Phase = "unknown" | "training" | "stale" | "finished";
