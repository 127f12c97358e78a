import { FormatError, type FormatErrorFields } from "./formats/format-error.ts";
import { parseTrainingStatsJson, parseValidationScoresJson } from "./formats/stats-json.ts";
import { parseTrainingStats } from "./formats/training-stats-pickle.ts";
import { parseValidationScores } from "./formats/validation-scores-pickle.ts";
import type { StatsFormat, StatsKind } from "./run-layout.ts";
import type { StatsByKind, StatsProgress } from "./stats-store.ts";

type Stats = StatsByKind[StatsKind];

/** Page to worker. */
export type StatsRequest = {
  readonly id: number;
  readonly kind: StatsKind;
  readonly format: StatsFormat;
  readonly bytes: Uint8Array;
};

/** An error as plain fields, since an Error loses its own fields on the way between threads. */
export type StatsFailure = Omit<FormatErrorFields, "cause"> | { readonly tag: "crashed"; readonly message: string };

/** Worker to page. */
export type StatsResponse =
  | { readonly id: number; readonly type: "progress"; readonly done: number; readonly total: number }
  | { readonly id: number; readonly type: "result"; readonly stats: Stats }
  | { readonly id: number; readonly type: "error"; readonly error: StatsFailure };

export type PostResponse = (response: StatsResponse, transfer: Transferable[]) => void;

/** Reads one file of statistics. Throws FormatError. */
export function parseStats(kind: StatsKind, format: StatsFormat, bytes: Uint8Array, onProgress?: StatsProgress): Stats {
  if (kind === "training")
    return (format === "pickle" ? parseTrainingStats : parseTrainingStatsJson)(bytes, onProgress);
  return (format === "pickle" ? parseValidationScores : parseValidationScoresJson)(bytes);
}

/** The worker's whole work: one result or one error for each request, the columns handed over without a copy. */
export function answerStatsRequest({ id, kind, format, bytes }: StatsRequest, post: PostResponse): void {
  try {
    const stats = parseStats(kind, format, bytes, (done, total) => post({ id, type: "progress", done, total }, []));
    post({ id, type: "result", stats }, toTransfer(stats));
  } catch (error) {
    post({ id, type: "error", error: toFailure(error) }, []);
  }
}

function toTransfer(stats: Stats): Transferable[] {
  if (!("iterations" in stats)) return [];
  return [stats.iterations.buffer, stats.losses.buffer, stats.times.buffer].filter(
    (buffer) => buffer instanceof ArrayBuffer,
  );
}

function toFailure(error: unknown): StatsFailure {
  if (!(error instanceof FormatError)) return { tag: "crashed", message: String(error) };
  const { tag, format, message, offset, refused } = error;
  return { tag, format, message, offset, refused };
}
