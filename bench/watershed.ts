import { spawnSync } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Affinities, createMutexWatershed } from "#evaluation/mutex-watershed.ts";
import { againstPeer, type Benchmark, median } from "./benchmark.ts";
import { plainWatershed } from "./plain-watershed.ts";
import { cacheFolder } from "./training-pickle-parse.ts";

const side = 48;
const bias = 0.5;
const rounds = 3;
/** Against objects and comparisons, and against the Rust that DaCapo calls. */
const limits = { plain: 0.75, mwatershed: 3 };
const offsets = [
  [1, 0, 0],
  [0, 1, 0],
  [0, 0, 1],
  [3, 0, 0],
  [0, 5, 0],
  [0, 0, 5],
  [0, 9, 0],
  [0, 0, 9],
  [0, 3, 3],
];

/** Prints the milliseconds of DaCapo's own call, with the number of segments. */
const script = `import json, sys, time
import numpy, mwatershed
side, bias, offsets = int(sys.argv[2]), float(sys.argv[3]), json.loads(sys.argv[4])
affinities = numpy.fromfile(sys.argv[1], "<f4").reshape(len(offsets), side, side, side).astype(float) - bias
start = time.perf_counter()
labels = mwatershed.agglom(affinities, offsets=offsets, randomized_strides=True)
print(json.dumps({"milliseconds": 1000 * (time.perf_counter() - start), "segments": len(numpy.unique(labels))}))`;

/** The same every time; no two of them are alike in more than chance, which is the worst there is for clusters. */
function randomAffinities(): Affinities {
  let state = 1;
  const data = Float32Array.from({ length: offsets.length * side ** 3 }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  });
  return { data, shape: [side, side, side], offsets };
}

type Timed = { readonly milliseconds: number; readonly segments: number };

function time(segment: () => Uint32Array): Timed {
  const start = performance.now();
  const labels = segment();
  return { milliseconds: performance.now() - start, segments: new Set(labels).size };
}

function timeMwatershed(path: string): Timed | undefined {
  const args = ["-c", script, path, String(side), String(bias), JSON.stringify(offsets)];
  const { status, stdout } = spawnSync(process.env.PYTHON ?? "python3", args, { encoding: "utf8" });
  return status === 0 ? (JSON.parse(stdout) as Timed) : undefined;
}

/** Sorting and clustering, by turns with the peers; all must find as many segments. */
async function run() {
  const affinities = randomAffinities();
  await mkdir(cacheFolder, { recursive: true });
  const path = join(cacheFolder, "affinities.f32");
  await writeFile(path, affinities.data);
  const times: Record<"ours" | keyof typeof limits, number[]> = { ours: [], plain: [], mwatershed: [] };
  for (let round = 0; round < rounds; round += 1) {
    const ours = time(() => createMutexWatershed(affinities).toLabels(bias));
    times.ours.push(ours.milliseconds);
    const peers = { plain: time(() => plainWatershed(affinities, bias)), mwatershed: timeMwatershed(path) };
    for (const name of ["plain", "mwatershed"] as const) {
      const peer = peers[name];
      if (peer === undefined) continue;
      if (peer.segments !== ours.segments)
        throw new Error(`${name} found ${peer.segments} segments, not ${ours.segments}.`);
      times[name].push(peer.milliseconds);
    }
  }
  if (times.mwatershed.length === 0) console.error("Python has no mwatershed: the watershed is not compared with it.");
  const row = (peer: keyof typeof limits, against: string) =>
    times[peer].length === 0
      ? []
      : [
          againstPeer(
            `mutex watershed, ${side}³ voxels, ${offsets.length} offsets, against ${against}`,
            "ms",
            median(times.ours),
            median(times[peer]),
            limits[peer],
          ),
        ];
  return [...row("plain", "objects sorted by comparing"), ...row("mwatershed", "mwatershed, which DaCapo calls")];
}

export const watershed: Benchmark = { name: "watershed", run };
