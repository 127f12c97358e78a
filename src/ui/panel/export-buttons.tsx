import { Download } from "lucide-react";
import type { TrainingStats } from "#dacapo/training-stats.ts";
import type { RunState } from "#state/app-state.ts";
import { toTrainingCsv } from "../charts/series/csv.ts";
import { saveBlob } from "../parts/save-blob.ts";

type Props = { readonly run: RunState; readonly stats: TrainingStats };

export function ExportButtons({ run, stats }: Props) {
  const saveCsv = () =>
    saveBlob(new Blob([...toTrainingCsv(stats)], { type: "text/csv" }), `${run.name}_training_stats.csv`);
  return (
    <button
      type="button"
      className="dv-button"
      data-variant="plain"
      onClick={saveCsv}
      title="Save every recorded value"
    >
      <Download size={14} />
      CSV
    </button>
  );
}
