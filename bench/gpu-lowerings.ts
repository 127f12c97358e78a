import type { EngineFacts } from "#inference/engine.ts";
import { outputShapeOf } from "#inference/network.ts";
import { compareVoxels } from "#inference/parity-compare.ts";
import { type Lowering, lowerings } from "#inference/to-onnx.ts";
import { againstPeer, type Benchmark, type BenchRow, counted, median } from "./benchmark.ts";
import type { GpuCounts } from "./engine-page/watch-gpu.ts";
import { type ServedEngine, withEnginePages } from "./served-engine.ts";
import { loadSpeedCases, type SpeedCase, toNoise } from "./speed-cases.ts";

const emulated = ["--enable-unsafe-webgpu", "--use-webgpu-adapter=swiftshader"];
const real = ["--enable-unsafe-webgpu"];

/** An emulated GPU needs seconds for this. */
const tinyShapes: ReadonlyMap<string, readonly number[]> = new Map([
  ["vnc_affs", [8, 44, 44]],
  ["vnc_mito_distance", [4, 32, 32]],
]);

/** Between lowerings. */
const tolerance = 1e-4;
const rounds = 5;

type Measured = {
  readonly facts: EngineFacts;
  readonly lowering: Lowering;
  readonly milliseconds: number;
  readonly counts: GpuCounts;
  readonly output: readonly number[];
};

const toTiny = (subject: SpeedCase): SpeedCase => {
  const inputShape = tinyShapes.get(subject.run) ?? subject.inputShape;
  const length = subject.network.inputChannels * inputShape.reduce((product, side) => product * side, 1);
  return { ...subject, inputShape, input: toNoise(length) };
};

/** The first run compiles the shaders, and is not counted. */
async function measure({ openPage }: ServedEngine, subject: SpeedCase, lowering: Lowering): Promise<Measured> {
  const page = await openPage();
  try {
    const facts = await page.open({ device: "webgpu" }, subject.network, true);
    const { inputShape, input } = facts.software ? toTiny(subject) : subject;
    if (!outputShapeOf(subject.network, inputShape).ok) throw new RangeError(`${subject.run} takes no ${inputShape}.`);
    const [variant, values] = [{ inputShape, lowering, precision: "f32" } as const, Array.from(input)];
    await page.run(variant, values);
    await page.gpuCounts();
    const first = await page.run(variant, values);
    const counts = await page.gpuCounts();
    const times = [first];
    while (!facts.software && times.length < rounds) times.push(await page.run(variant, values));
    return { facts, lowering, milliseconds: median(times), counts, output: await page.output() };
  } finally {
    await page.close();
  }
}

function toRows(subject: SpeedCase, all: readonly Measured[]): readonly BenchRow[] {
  const rows = all.flatMap(({ facts, lowering, milliseconds, counts }) => {
    const { inputShape } = facts.software ? toTiny(subject) : subject;
    const name = (what: string) => `WebGPU, ${subject.run}, ${inputShape.join(" x ")}, ${lowering}: ${what}`;
    return [
      counted(name("dispatches"), "", counts.dispatches),
      counted(name("bytes of the buffers they are given"), "MB", counts.boundBytes / 1e6),
      counted(name("bytes to and from the GPU"), "MB", counts.transferredBytes / 1e6),
      counted(name(facts.software ? "one run, emulated" : "one run"), "ms", milliseconds),
    ];
  });
  return [...rows, ...againstNaive(subject, all)];
}

/** Only where there is a GPU: emulated, it is all arithmetic. */
function againstNaive({ run }: SpeedCase, all: readonly Measured[]): readonly BenchRow[] {
  const naive = all.find(({ lowering }) => lowering === "conv3d");
  const [best] = all.toSorted((a, b) => a.milliseconds - b.milliseconds);
  if (!naive || !best || best.facts.software) return [];
  const name = `WebGPU, ${run}: ${best.lowering} against the native 3-D convolution`;
  return [againstPeer(name, "ms", best.milliseconds, naive.milliseconds, 1)];
}

function checkSameValues(run: string, all: readonly Measured[]): void {
  for (const { lowering, output } of all) {
    const { maxDifference } = compareVoxels(output, all[0]?.output ?? []);
    console.error(`${run}, ${lowering}: ${maxDifference.toExponential(1)} from ${all[0]?.lowering}`);
    if (!(maxDifference <= tolerance)) throw new Error(`${lowering} gives other values for ${run} on this GPU.`);
  }
}

async function measureAll(served: ServedEngine): Promise<readonly BenchRow[]> {
  const rows: BenchRow[] = [];
  for (const subject of loadSpeedCases()) {
    const all: Measured[] = [];
    for (const lowering of lowerings) all.push(await measure(served, subject, lowering));
    console.error(`On ${all[0]?.facts.fingerprint}`);
    checkSameValues(subject.run, all);
    rows.push(...toRows(subject, all));
  }
  return rows;
}

/** A machine without a GPU offers no adapter unless it is asked to emulate one. */
async function hasGpu({ openPage }: ServedEngine): Promise<boolean> {
  const page = await openPage();
  const [subject] = loadSpeedCases();
  if (subject === undefined) return false;
  const facts = await page.open({ device: "webgpu" }, subject.network, true).catch(() => undefined); // no adapter
  await page.close();
  return facts !== undefined && !facts.software;
}

async function run() {
  const onReal = await withEnginePages(real, async (served) =>
    (await hasGpu(served)) ? measureAll(served) : undefined,
  );
  return onReal ?? withEnginePages(emulated, measureAll);
}

export const gpuLowerings: Benchmark = { name: "gpu-lowerings", run };
