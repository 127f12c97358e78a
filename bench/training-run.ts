import { copyFile, cp, mkdir } from "node:fs/promises";
import { join } from "node:path";

export const trainingRun = "bench_training";
/** Below the base directory, as DaCapo names it. */
export const trainingStatsPath = `stats/training_stats/${trainingRun}`;

/** A run with that pickle as its training statistics and nothing else, in `base`, with the configs of a demo run. */
export async function writeTrainingRun(base: string, demo: string, pickle: string): Promise<void> {
  await mkdir(join(base, "stats/training_stats"), { recursive: true });
  await cp(join(demo, "configs"), join(base, "configs"), { recursive: true });
  await cp(join(demo, "configs/runs/vnc_mito_distance.yaml"), join(base, `configs/runs/${trainingRun}.yaml`));
  await mkdir(join(base, trainingRun, "checkpoints/iterations"), { recursive: true });
  await mkdir(join(base, trainingRun, "validation.zarr/inputs"), { recursive: true });
  await copyFile(pickle, join(base, trainingStatsPath));
}
