import { geometryOfNetwork } from "#inference/block-geometry.ts";
import { againstPeer, type Benchmark, type BenchRow } from "./benchmark.ts";
import type { EnginePage } from "./engine-page/main.ts";
import { withEnginePages } from "./served-engine.ts";
import { loadSpeedCases, type SpeedCase, toNoise } from "./speed-cases.ts";

const bytesPerMegabyte = 2 ** 20;

/** Input voxels, the smallest first: what a memory has grown by for one block it has for all before. */
const shapes: ReadonlyMap<string, readonly (readonly number[])[]> = new Map([
  [
    "vnc_affs",
    [
      [14, 116, 116],
      [14, 212, 212],
      [22, 212, 212],
      [30, 308, 308],
    ],
  ],
  [
    "vnc_mito_distance",
    [
      [8, 112, 112],
      [16, 160, 160],
      [24, 224, 224],
      [32, 288, 288],
    ],
  ],
]);

/** What the first small block leaves behind is the runtime's own, and the network's weights. */
const warmUp: ReadonlyMap<string, readonly number[]> = new Map([
  ["vnc_affs", [8, 44, 44]],
  ["vnc_mito_distance", [4, 16, 16]],
]);

async function runBlock(page: EnginePage, { network }: SpeedCase, inputShape: readonly number[]): Promise<void> {
  const variant = { inputShape, lowering: "winograd", precision: "f32" } as const;
  const voxels = inputShape.reduce((product, side) => product * side, network.inputChannels);
  await page.run(variant, Array.from(toNoise(voxels)));
}

async function measure(page: EnginePage, subject: SpeedCase): Promise<readonly BenchRow[]> {
  const geometry = geometryOfNetwork(subject.network);
  await page.open({ device: "wasm", maxThreads: 1 }, subject.network, true);
  await runBlock(page, subject, warmUp.get(subject.run) ?? []);
  const before = await page.memoryBytes();
  const rows: BenchRow[] = [];
  for (const inputShape of shapes.get(subject.run) ?? []) {
    await runBlock(page, subject, inputShape);
    const grown = (await page.memoryBytes()) - before;
    const { peakBytes } = geometry.costOf(inputShape);
    const name = `memory of ${subject.run}, ${inputShape.join(" x ")}, against what the plan reckons with`;
    rows.push(againstPeer(name, "MiB", grown / bytesPerMegabyte, peakBytes / bytesPerMegabyte, 1));
  }
  return rows;
}

async function run() {
  return withEnginePages([], async ({ openPage }) => {
    const rows: BenchRow[] = [];
    for (const subject of loadSpeedCases()) {
      const page = await openPage();
      rows.push(...(await measure(page, subject)));
      await page.close();
    }
    return rows;
  });
}

export const inferenceMemory: Benchmark = { name: "inference-memory", run };
