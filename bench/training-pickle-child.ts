// Run in a process of its own: parses the file of argv, prints {"milliseconds", "megabytes", "rows"} of the fastest of three.
import { readFileSync } from "node:fs";
import { parseTrainingStats } from "#storage/formats/training-stats-pickle.ts";

const megabyte = 2 ** 20;
const [file = ""] = process.argv.slice(2);
const before = process.memoryUsage.rss();
const bytes = new Uint8Array(readFileSync(file));

function parse() {
  const start = performance.now();
  const { length } = parseTrainingStats(bytes).iterations;
  return { milliseconds: performance.now() - start, rows: length };
}

const first = parse();
// maxRSS is in KiB; after the first parse only, as a page parses a file once
const megabytes = (process.resourceUsage().maxRSS * 1024 - before) / megabyte;
const runs = [first, parse(), parse()];
console.log(JSON.stringify({ ...first, milliseconds: Math.min(...runs.map((run) => run.milliseconds)), megabytes }));
