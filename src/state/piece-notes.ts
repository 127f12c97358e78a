import type { PieceNote } from "./run-desk.ts";

/** What is said of a piece that a run does not have, and what to do about it. */
export const absentNotes = {
  config: (run: string): PieceNote => ({
    code: "no-config",
    severity: "warning",
    message: `No configuration of ${run} was found in configs/runs, so its task, channels and datasets are guessed from what is on disk.`,
    hint: "Serve the runs base directory, which holds configs/ and stats/ beside the run's folder, or name it with configs=.",
  }),
  training: (run: string): PieceNote => ({
    code: "no-training",
    severity: "info",
    message: `No training statistics of ${run} were found in stats/training_stats.`,
    hint: "DaCapo writes them at the first validation; they are looked for again.",
  }),
  scores: (run: string): PieceNote => ({
    code: "no-scores",
    severity: "info",
    message: `No validation scores of ${run} were found in stats/validation_scores.`,
    hint: "DaCapo writes them after the first validation; they are looked for again.",
  }),
};

/** A part of the configuration that could not be taken as it stood. */
export function configNote(message: string): PieceNote {
  return { code: "config-part", severity: "info", message };
}
