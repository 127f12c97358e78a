import { spawnSync } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { build } from "vite";
import { againstPeer, type Benchmark, median } from "./benchmark.ts";
import { buildTrainingPickle, syntheticTraining } from "./training-pickle.ts";

const root = resolve(import.meta.dirname, "..");
/** Kept between runs, outside version control. */
export const cacheFolder = join(root, "node_modules/.cache/bench");
export const benchIterations = 1_000_000;
const rounds = 3;
export const ratioLimit = 2;
export const memoryLimitMegabytes = 300;

type Timed = { readonly milliseconds: number; readonly rows: number };

/** Prints the fastest of three loads, as our side does. */
const load = `import json, pickle, sys, time
fastest = float("inf")
for _ in range(3):
    with open(sys.argv[1], "rb") as file:
        start = time.perf_counter()
        rows = pickle.load(file)
        fastest = min(fastest, time.perf_counter() - start)
    count = len(rows)
    del rows
print(json.dumps({"milliseconds": 1000 * fastest, "rows": count}))`;

/** Writes the pickle of a training of a million iterations and gives its path. */
export async function writeTrainingPickle(): Promise<string> {
  await mkdir(cacheFolder, { recursive: true });
  const path = join(cacheFolder, "training-stats.pickle");
  await writeFile(path, buildTrainingPickle(syntheticTraining(benchIterations)));
  return path;
}

async function bundleChild(): Promise<string> {
  await build({
    root,
    configFile: false,
    logLevel: "warn",
    publicDir: false,
    build: {
      ssr: join(import.meta.dirname, "training-pickle-child.ts"),
      outDir: join(cacheFolder, "child"),
      emptyOutDir: true,
      target: "node20",
      rolldownOptions: { output: { entryFileNames: "parse.js" } },
    },
  });
  return join(cacheFolder, "child/parse.js");
}

function measure(command: string, args: readonly string[]): Timed {
  const { status, stdout, stderr } = spawnSync(command, args, { encoding: "utf8" });
  if (status !== 0) throw new Error(`${command} failed while parsing the training pickle: ${stderr}`);
  const measured = JSON.parse(stdout) as Timed;
  if (measured.rows !== benchIterations) throw new Error(`${command} read ${measured.rows} iterations.`);
  return measured;
}

/** Fastest CPython `pickle.load` of a file, in milliseconds, or undefined where there is no python3. */
export function timeCPython(pickle: string): number | undefined {
  if (spawnSync("python3", ["--version"]).status !== 0) return undefined;
  return measure("python3", ["-c", load, pickle]).milliseconds;
}

/** Ours and CPython's by turns, so that a busy moment of the machine meets both. */
async function run() {
  const pickle = await writeTrainingPickle();
  const child = await bundleChild();
  const ours: Timed[] = [];
  const peers: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    ours.push(measure(process.execPath, [child, pickle]));
    const peer = timeCPython(pickle);
    if (peer !== undefined) peers.push(peer);
  }
  if (peers.length === 0) {
    console.error("python3 is not here: the training pickle is not compared with CPython.");
    return undefined;
  }
  const milliseconds = median(ours.map((measured) => measured.milliseconds));
  const name = "training pickle, 1,000,000 iterations: parse, against CPython's pickle.load";
  return [againstPeer(name, "ms", milliseconds, median(peers), ratioLimit)];
}

export const trainingPickleParse: Benchmark = { name: "training-pickle-parse", run };
