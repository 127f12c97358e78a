import { readFileSync } from "node:fs";
import { type ArchitectureConfig, toArchitectureConfig } from "#dacapo/architecture.ts";
import { toTaskConfig } from "#dacapo/task.ts";
import { planBlocks } from "#inference/block-plan.ts";
import { describeOnnx } from "#inference/onnx-description.ts";
import { OnnxError } from "#inference/onnx-error.ts";
import { toOwnGeometry } from "#inference/own-geometry.ts";
import { readOwnModel } from "#inference/own-model.ts";
import { toOwnPorts } from "#inference/own-ports.ts";
import { isNetwork, toNetwork } from "#inference/rebuild.ts";
import { lowerings, toOnnx } from "#inference/to-onnx.ts";
import { FormatError } from "#storage/formats/format-error.ts";
import { type ModelWeights, readTorchCheckpoint } from "#storage/formats/torch-checkpoint.ts";
import { entryBytes, readTorchLayout } from "#storage/formats/torch-layout.ts";
import { createRandom, mutateBytes, mutateSeed, type Random, randomBytes } from "./fuzz-inputs.ts";

export type NetworkSeed = {
  readonly checkpoint: Uint8Array;
  /** Its `data.pkl`, and where that begins: changing it alone reaches deepest. */
  readonly pickle: Uint8Array;
  readonly pickleAt: number;
  readonly architecture: ArchitectureConfig;
  readonly task: unknown;
};

export type NetworkSeeds = { readonly checkpoints: readonly NetworkSeed[]; readonly models: readonly Uint8Array[] };

const folder = new URL("../src/inference/fixtures/networks/", import.meta.url);

function loadSeed(name: string): NetworkSeed {
  const checkpoint = new Uint8Array(readFileSync(new URL(`${name}.checkpoint`, folder)));
  const config = JSON.parse(readFileSync(new URL(`${name}.json`, folder), "utf8")) as Record<string, unknown>;
  const pickle = entryBytes([{ offset: 0, bytes: checkpoint }], readTorchLayout(checkpoint).pickle);
  const architecture = toArchitectureConfig(config.architecture).config;
  return { checkpoint, pickle, pickleAt: pickle.byteOffset - checkpoint.byteOffset, architecture, task: config.task };
}

/** The smallest checkpoints of our own, and models made of them. */
export function loadNetworkSeeds(): NetworkSeeds {
  const checkpoints = ["dummy", "one_level_half", "upsampled_legacy"].map(loadSeed);
  const models = checkpoints.flatMap((seed) => lowerings.flatMap((lowering) => toModels(seed, lowering)));
  return { checkpoints, models };
}

function toModels(seed: NetworkSeed, lowering: (typeof lowerings)[number]): readonly Uint8Array[] {
  const network = toNetwork(
    readTorchCheckpoint(seed.checkpoint).stateDict,
    seed.architecture,
    toTaskConfig(seed.task).config,
  );
  return isNetwork(network) ? [toOnnx(network, { inputShape: network.shapes.inputShape, lowering })] : [];
}

export type NetworkFailure = { readonly number: number; readonly problem: string };
export type NetworkReport = {
  /** How many inputs ended how: "checkpoint: rebuilt", "checkpoint: malformed", "onnx: torn", ... */
  readonly outcomes: ReadonlyMap<string, number>;
  readonly failures: readonly NetworkFailure[];
};

/** Far above what a small input may take, and below what would be called a hang. */
const maxMs = 5000;

/**
 * Feeds `count` hostile checkpoints and models to their readers and on into graphs. A failure is an error of another
 * class than theirs, weights far larger than their file, or an input that takes seconds. The same `seed` makes the same.
 */
export function fuzzNetworks(count: number, seed: number, seeds: NetworkSeeds): NetworkReport {
  const outcomes = new Map<string, number>();
  const failures: NetworkFailure[] = [];
  for (let number = 0; number < count; number++) {
    const random = createRandom(seed + number);
    const begin = performance.now();
    const outcome = number % 5 < 3 ? tryCheckpoint(random, seeds) : tryModel(random, seeds);
    outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
    const ms = performance.now() - begin;
    const problem = ms > maxMs ? `took ${Math.round(ms)} ms` : outcome;
    if (problem !== outcome || outcome.includes("!")) failures.push({ number: seed + number, problem });
  }
  return { outcomes, failures };
}

function tryCheckpoint(random: Random, { checkpoints }: NetworkSeeds): string {
  const seed = random.pick(checkpoints);
  const bytes = makeCheckpoint(random, seed, checkpoints);
  return `checkpoint: ${outcomeOf(() => rebuildFrom(bytes, seed, random.chance(0.1)))}`;
}

function makeCheckpoint(random: Random, seed: NetworkSeed, seeds: readonly NetworkSeed[]): Uint8Array {
  if (random.chance(0.02)) return randomBytes(random, random.below(64));
  if (random.chance(0.4)) {
    const files = seeds.map(({ checkpoint }) => checkpoint);
    return mutateBytes(random, seed.checkpoint, files);
  }
  if (random.chance(0.5)) return replacePickle(seed, changeByte(random, seed.pickle));
  return replaceTail(random, seed);
}

/** Keeps the length, so that the rest of the zip stays where it is. */
function changeByte(random: Random, bytes: Uint8Array): Uint8Array {
  const copy = bytes.slice();
  for (let changes = 1 + random.below(3); changes > 0; changes--) copy[random.below(copy.length)] = random.below(256);
  return copy;
}

function replacePickle({ checkpoint, pickleAt }: NetworkSeed, pickle: Uint8Array): Uint8Array {
  const copy = checkpoint.slice();
  copy.set(pickle, pickleAt);
  return copy;
}

/** Changes the zip's directory, at the end. */
function replaceTail(random: Random, { checkpoint }: NetworkSeed): Uint8Array {
  const from = Math.max(0, checkpoint.length - 3000);
  const copy = checkpoint.slice();
  copy.set(changeByte(random, checkpoint.subarray(from)), from);
  return copy;
}

function rebuildFrom(bytes: Uint8Array, seed: NetworkSeed, isWritten: boolean): string {
  const weights = readTorchCheckpoint(bytes);
  if (weightBytes(weights) > 16 * bytes.length) return "! more memory than the bound";
  const network = toNetwork(weights.stateDict, seed.architecture, toTaskConfig(seed.task).config);
  if (!isNetwork(network)) return "misfit";
  if (isWritten) describeOnnx(toOnnx(network, { inputShape: network.shapes.inputShape }));
  return "rebuilt";
}

function weightBytes({ stateDict, integers }: ModelWeights): number {
  const buffers = new Set([...stateDict.values(), ...integers.values()].map(({ data }) => data.buffer));
  return [...buffers].reduce((sum, { byteLength }) => sum + byteLength, 0);
}

function tryModel(random: Random, { models }: NetworkSeeds): string {
  const bytes = random.chance(0.05) ? randomBytes(random, random.below(64)) : mutateSeed(random, models);
  return `onnx: ${outcomeOf(() => describeFully(bytes))}`;
}

const limits = { memoryBytes: 2 ** 30, tensorBytes: 2 ** 28, inputVoxels: 2 ** 18 };

function describeFully(bytes: Uint8Array): string {
  const { description, graph, support } = readOwnModel(bytes.slice());
  if (support.problems.length > 0) return "unsupported";
  const ports = toOwnPorts(description, graph);
  if ("problem" in ports) return "unclear";
  const found = toOwnGeometry({ ports, graph });
  if (found === undefined) return "unclear";
  const { geometry } = found;
  const shape = geometry.evalOutputShape.map((length) => Math.min(2 * length, 256));
  const [zero, one] = [shape.map(() => 0), shape.map(() => 1)];
  const grid = { offset: zero, voxelSize: one, shape, anchor: zero, end: shape };
  return planBlocks({ geometry, grid, limits, tiling: "seamless" }).ok ? "read" : "too large";
}

function outcomeOf(read: () => string): string {
  try {
    return read();
  } catch (error) {
    if (error instanceof FormatError || error instanceof OnnxError) return error.tag;
    return `! ${error instanceof Error ? `${error.name}: ${error.message}` : String(error)}`;
  }
}
