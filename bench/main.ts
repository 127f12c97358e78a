// npm run bench [-- NAME…]: runs the benchmarks whose names contain one of NAME, prints a table, writes bench/results.json.
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Benchmark, type BenchRow, toTable } from "./benchmark.ts";
import { firstSlice } from "./first-slice.ts";
import { gpuLowerings } from "./gpu-lowerings.ts";
import { inferenceMemory } from "./inference-memory.ts";
import { inferencePage } from "./inference-page.ts";
import { inferenceSpeed } from "./inference-speed.ts";
import { javascriptWeight } from "./javascript-weight.ts";
import { lossChart } from "./loss-chart.ts";
import { runList } from "./run-list.ts";
import { scrubbing } from "./scrub.ts";
import { trainingPickleParse } from "./training-pickle-parse.ts";
import { unchangedPoll } from "./unchanged-poll.ts";
import { watershed } from "./watershed.ts";

const benchmarks: readonly Benchmark[] = [
  firstSlice,
  trainingPickleParse,
  lossChart,
  unchangedPoll,
  scrubbing,
  runList,
  javascriptWeight,
  inferencePage,
  inferenceSpeed,
  inferenceMemory,
  gpuLowerings,
  watershed,
];

const wanted = process.argv.slice(2);
const chosen = benchmarks.filter(({ name }) => wanted.length === 0 || wanted.some((part) => name.includes(part)));
if (chosen.length === 0) {
  console.error(
    `No benchmark is called ${wanted.join(" ")}: there are ${benchmarks.map(({ name }) => name).join(", ")}.`,
  );
  process.exit(2);
}

const rows: BenchRow[] = [];
for (const { name, run } of chosen) {
  console.error(`${name}…`);
  rows.push(...((await run()) ?? []));
}
console.log(toTable(rows));
await writeFile(join(import.meta.dirname, "results.json"), `${JSON.stringify(rows, undefined, 2)}\n`);
if (rows.some(({ pass }) => !pass)) process.exitCode = 1;
