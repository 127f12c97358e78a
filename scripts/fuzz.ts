import { fuzzFormats } from "./fuzz-formats.ts";
import { loadFuzzSeeds } from "./fuzz-seeds.ts";

// npm run fuzz -- [COUNT] [SEED]: new inputs on every run, unless the seed of an earlier one is given.
const [count = 1_000_000, seed = Date.now() % 2 ** 31] = process.argv.slice(2).map(Number);
if (!Number.isSafeInteger(count) || count < 1 || !Number.isSafeInteger(seed)) {
  console.error("Usage: npm run fuzz -- [COUNT] [SEED]: give whole numbers.");
  process.exit(2);
}

const begin = performance.now();
const report = fuzzFormats(count, seed, loadFuzzSeeds());
for (const [outcome, times] of [...report.outcomes].sort()) console.log(outcome.padEnd(24), times);
for (const { kind, number, problem, bytes } of report.failures) {
  console.error(`${kind} ${number} of seed ${seed}: ${problem}\n${Buffer.from(bytes).toString("base64")}`);
}
const seconds = Math.round((performance.now() - begin) / 1000);
console.log(
  `${count} inputs of seed ${seed} in ${seconds} s, slowest ${Math.round(report.slowestMs)} ms, ${report.failures.length} failed`,
);
process.exitCode = report.failures.length > 0 ? 1 : 0;
