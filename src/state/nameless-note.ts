// Where a server lists nothing, volumes are sought by name: a run that records no names of its datasets needs to be told one.
import { recordedValidateNames } from "#dacapo/datasplit.ts";
import { isPlaceholder } from "#dacapo/recover-datasets.ts";
import type { RunState } from "./app-state.ts";
import { awaitsScores } from "./plan-volumes-look.ts";
import type { PieceNote } from "./run-desk.ts";
import { configOf, datasetsOf } from "./score-state.ts";
import { validationIterations } from "./selectors.ts";

export function toNamelessNotes(run: RunState): readonly PieceNote[] {
  const isRecorded = recordedValidateNames(configOf(run)?.datasplitConfig) !== undefined;
  const isValidated = validationIterations(run).length > 0 || awaitsScores(run);
  if (run.isListed || isRecorded || !isValidated) return [];
  const datasets = datasetsOf(run);
  const named = datasets.filter((name) => !isPlaceholder(name));
  if (datasets.length > 0 && named.length === datasets.length) return [];
  const known = named.length === 0 ? "" : ` (only ${named.join(", ")} is known)`;
  return [
    {
      code: "datasets-unnamed",
      severity: "warning",
      message: `The volumes of ${run.name} could not be looked for: this server lists no files, and the run does not record its datasets' names${known}; add &dataset=NAME to the address.`,
      hint: "Or serve the run from a server that lists directories: then nothing needs to be named.",
    },
  ];
}
