import { volumesOf } from "#state/selectors.ts";
import { useRun, useShown } from "../app-context.ts";
import { toCount } from "../words.ts";

/** Said quietly over raw and gt when the shown iteration has nothing of its own on disk. */
export default function MissingVolumesNote() {
  const run = useRun();
  const { iteration, dataset } = useShown();
  if (run === undefined || iteration === undefined || run.status === "loading") return undefined;
  const volumes = volumesOf(run, iteration, dataset);
  const partial = volumes?.prediction === "partial";
  const missing = volumes === undefined || (volumes.prediction === "absent" && volumes.outputs.length === 0);
  if (!partial && !missing) return undefined;
  return (
    <p className="dv-over dv-note-over" role="status">
      {partial
        ? `The volumes of iteration ${toCount(iteration)} are still being written; they are shown when whole.`
        : `No prediction of ${dataset ?? "this dataset"} is on disk for iteration ${toCount(iteration)}.`}
    </p>
  );
}
