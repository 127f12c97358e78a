import { cpus } from "node:os";
import type { EngineOptions } from "#inference/engine-messages.ts";
import { compareVoxels } from "#inference/parity-compare.ts";
import { againstPeer, type Benchmark, type BenchRow } from "./benchmark.ts";
import { type ServedEngine, withEnginePages } from "./served-engine.ts";
import { loadSpeedCases, type SpeedCase } from "./speed-cases.ts";
import { findNativeRuntime, findPyTorch, type OpenPeer, type SpeedPeer } from "./speed-peers.ts";

const warmUps = 4;
const rounds = 15;
/** Values of the two sides may differ so much. */
const tolerance = 1e-4;

/** How much longer than a peer a block may take: 0.6 of the speed of onnxruntime-node, and all of PyTorch's. */
const limits: ReadonlyMap<string, number> = new Map([
  ["onnxruntime-node", 1 / 0.6],
  ["PyTorch", 1],
]);

/** What the viewer does on the processor, in a worker of a page. */
async function openOurs({ openPage }: ServedEngine, subject: SpeedCase, maxThreads: number): Promise<SpeedPeer> {
  const page = await openPage();
  const options: EngineOptions = { device: "wasm", maxThreads };
  const { threads } = await page.open(options, subject.network, false);
  if (threads !== maxThreads) throw new Error(`The page computes on ${threads} threads, not on ${maxThreads}.`);
  const variant = { inputShape: subject.inputShape, lowering: "winograd", precision: "f32" } as const;
  const input = Array.from(subject.input);
  const run = () => page.run(variant, input);
  return { name: "ours", run, output: async () => Float32Array.from(await page.output()), close: () => page.close() };
}

/** By turns, so that a busy moment of the machine meets all; the fastest of each counts. */
async function race(contenders: readonly SpeedPeer[]): Promise<readonly number[]> {
  const fastest = contenders.map(() => Number.POSITIVE_INFINITY);
  for (let round = -warmUps; round < rounds; round += 1) {
    for (const [i, { run }] of contenders.entries()) {
      const milliseconds = await run();
      if (round >= 0) fastest[i] = Math.min(fastest[i] ?? 0, milliseconds);
    }
  }
  return fastest;
}

async function checkSameValues(ours: SpeedPeer, peers: readonly SpeedPeer[]): Promise<void> {
  const values = await ours.output();
  for (const { name, output } of peers) {
    const { maxDifference } = compareVoxels(values, await output());
    if (!(maxDifference <= tolerance)) throw new Error(`${name} computes other values (by ${maxDifference}).`);
  }
}

async function measure(
  served: ServedEngine,
  openPeers: readonly OpenPeer[],
  subject: SpeedCase,
  threads: number,
): Promise<readonly BenchRow[]> {
  const ours = await openOurs(served, subject, threads);
  const peers = await Promise.all(openPeers.map((open) => open(subject, threads)));
  try {
    const [own = 0, ...theirs] = await race([ours, ...peers]);
    await checkSameValues(ours, peers);
    const block = `${subject.run}, ${subject.inputShape.join(" x ")}, ${threads} thread${threads === 1 ? "" : "s"}`;
    return peers.map(({ name }, i) =>
      againstPeer(`inference of ${block}, against ${name}`, "ms", own, theirs[i] ?? 0, limits.get(name) ?? 1),
    );
  } finally {
    await Promise.all([ours, ...peers].map(({ close }) => close()));
  }
}

async function run() {
  const openPeers = [findNativeRuntime(), findPyTorch()].filter((open) => open !== undefined);
  if (openPeers.length === 0) return undefined;
  return withEnginePages([], async (served) => {
    const rows: BenchRow[] = [];
    for (const subject of loadSpeedCases())
      for (const threads of new Set([1, cpus().length]))
        rows.push(...(await measure(served, openPeers, subject, threads)));
    return rows;
  });
}

export const inferenceSpeed: Benchmark = { name: "inference-speed", run };
