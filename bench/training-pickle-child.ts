// Run in a process of its own: parses the file of argv, prints {"milliseconds", "rows"} of the fastest of three.
import { readFileSync } from "node:fs";
import { parseTrainingStats } from "#storage/formats/training-stats-pickle.ts";

const [file = ""] = process.argv.slice(2);
const bytes = new Uint8Array(readFileSync(file));

function parse() {
  const start = performance.now();
  const { length } = parseTrainingStats(bytes).iterations;
  return { milliseconds: performance.now() - start, rows: length };
}

const runs = [parse(), parse(), parse()];
console.log(JSON.stringify({ ...runs[0], milliseconds: Math.min(...runs.map((run) => run.milliseconds)) }));
