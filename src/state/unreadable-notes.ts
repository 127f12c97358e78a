// What keeps arrays from being shown. While a training writes them they are in progress; after it they are broken.
import type { UnreadableFile } from "#storage/array-probe.ts";
import type { RunState } from "./app-state.ts";
import { isSilent, silenceMs } from "./phase.ts";
import { awaitsScores } from "./plan-volumes-look.ts";
import type { PieceNote } from "./run-desk.ts";
import { configOf } from "./score-state.ts";
import { validationIterations } from "./selectors.ts";

/** So many are told one by one. */
const mostNotes = 50;

export function toUnreadableNotes(run: RunState, urlOf: (path: string) => string, now: number): readonly PieceNote[] {
  const isOver = isAtRest(run, now);
  const hasScores = validationIterations(run).length > 0; // DaCapo copies the inputs before the first validation
  const broken = run.unreadable.filter(({ path }) => isOver || (hasScores && isInput(path)));
  return broken.slice(0, mostNotes).map((file) => toNote(file, urlOf));
}

/** Nothing of the run is being written any more, as far as its files tell. */
function isAtRest(run: RunState, now: number): boolean {
  if (run.phase === "stale" || isSilent(run, now)) return true;
  if (run.phase !== "finished") return false;
  const stats = run.training.status === "ready" ? run.training.value : undefined;
  const isQuiet = now - (run.freshness.changedAt ?? now) > silenceMs(configOf(run), stats);
  return isQuiet || !awaitsScores(run); // the last validation comes after the last losses
}

function isInput(path: string): boolean {
  return path.startsWith("validation.zarr/inputs/");
}

function toNote({ path, found }: UnreadableFile, urlOf: (path: string) => string): PieceNote {
  const array = path.replace(/\/[^/]*$/, "");
  const name = path.slice(array.length + 1);
  const what =
    found === "missing"
      ? `its ${name} is missing, though something of the array is there`
      : `its ${name} is not complete JSON, as if it had been cut off while it was written or copied`;
  return {
    code: "array-unreadable",
    severity: "warning",
    message: `The array ${array} is left out: ${what}.`,
    hint: "Copy the file again from where the run was trained, then try again; everything else is shown without it.",
    subject: urlOf(path),
  };
}
