import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { buildTrainingPickle, syntheticTraining } from "./training-pickle.ts";

const runs = resolve(import.meta.dirname, "../../shared/runs");
const hasPython = spawnSync("python3", ["--version"]).status === 0;
if (!existsSync(runs)) console.warn(`Skipped: pickles of real runs, because ${runs} is not here.`);
if (!hasPython) console.warn("Skipped: comparison with CPython's pickle, because python3 is not here.");

type Row = { readonly iteration: number; readonly loss: number; readonly time: number };

const rewrite = `import json, pickle, sys
names = ["iteration", "loss", "time"]
given = json.load(sys.stdin)
run = given["run_name"]
rows = [dict(zip(names, row), run_name=run) for row in zip(*(given[name] for name in names))]
sys.stdout.buffer.write(pickle.dumps(rows, protocol=4))`;

describe("a generated training pickle", () => {
  it.skipIf(!existsSync(runs)).each(["vnc_affs", "vnc_mito_distance", "vnc_affs_no_validation"])(
    "is byte for byte what DaCapo wrote for %s",
    (run) => {
      const rows = JSON.parse(readFileSync(join(runs, `stats_json/training_stats/${run}.json`), "utf8")) as Row[];
      const column = (key: keyof Row) => rows.map((row) => row[key]);
      const columns = { iterations: column("iteration"), losses: column("loss"), times: column("time") };
      const written = readFileSync(join(runs, `stats/training_stats/${run}`));
      expect(Buffer.compare(buildTrainingPickle({ runName: run, ...columns }), written)).toBe(0);
    },
  );

  it.skipIf(!hasPython).each([1, 2, 999, 1000, 1001, 5000, 70_000])(
    "is what CPython writes for %i iterations, frames and batches included",
    (rows) => {
      const { iterations, losses, times, runName } = syntheticTraining(rows);
      const columns = { run_name: runName, loss: Array.from(losses), time: Array.from(times) };
      const input = JSON.stringify({ ...columns, iteration: Array.from(iterations) });
      const { stdout } = spawnSync("python3", ["-c", rewrite], { input, maxBuffer: 1 << 28 });
      expect(Buffer.compare(buildTrainingPickle(syntheticTraining(rows)), stdout)).toBe(0);
    },
  );
});
