import type { InferenceState, ParityState } from "#state/app-state.ts";
import { toCount, toShortNumber } from "../words.ts";
import type { Fact } from "./facts.tsx";

/** "4.8 MB"; powers of ten, as browsers' download lists have them. */
export function toSize(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  const [unit, name] = bytes < 1e6 ? [1e3, "kB"] : bytes < 1e9 ? [1e6, "MB"] : [1e9, "GB"];
  return `${toOneDecimal(bytes / unit)} ${name}`;
}

function toOneDecimal(value: number): string {
  return value < 100 ? value.toFixed(1) : toCount(Math.round(value));
}

/** What the network is doing now, with its counts. */
export function toActivity(inference: InferenceState): string {
  const { status, blocksDone, blocksQueued } = inference;
  const done = `${toCount(blocksDone)} ${blocksDone === 1 ? "block" : "blocks"} done`;
  switch (status) {
    case "loading":
      return toLoading(inference);
    case "asking":
      return "Waiting for your word";
    case "running":
      return `Running: ${done}, ${toCount(blocksQueued)} queued`;
    case "paused":
      return blocksQueued === 0 ? `Stopped: ${done}` : `Paused: ${done}, ${toCount(blocksQueued)} queued`;
    case "idle":
      return blocksDone === 0 ? "Ready: nothing in view is computed yet" : `All that is in view is there: ${done}`;
    case "error":
      return `Failed: ${done}`;
  }
}

function toLoading({ download }: InferenceState): string {
  if (download === undefined) return "Loading the checkpoint";
  const { loaded, total } = download;
  if (total === undefined) return `Loading the checkpoint: ${toSize(loaded)}`;
  if (loaded < total) return `Loading the checkpoint: ${toSize(loaded)} of ${toSize(total)}`;
  return `Preparing the network: ${toSize(total)} loaded`;
}

/** "0.8 blocks a second, about 2 min left"; a dash where it is not known yet. */
export function toPace({ status, blocksPerSecond, remainingSeconds }: InferenceState): string {
  const rate = blocksPerSecond === undefined ? "–" : `${toShortNumber(Number(blocksPerSecond.toPrecision(2)))} blocks`;
  const left = status === "running" && remainingSeconds !== undefined ? `, about ${toLeft(remainingSeconds)} left` : "";
  return `${rate} a second${left}`;
}

function toLeft(seconds: number): string {
  if (seconds < 90) return `${Math.max(1, Math.ceil(seconds))} s`;
  return seconds < 5400 ? `${Math.round(seconds / 60)} min` : `${Math.round(seconds / 3600)} h`;
}

/** "3 min"; undefined while the pace is not known. */
export function toBlocksTime(blocks: number, blocksPerSecond: number | undefined): string | undefined {
  return blocksPerSecond === undefined || blocksPerSecond <= 0 ? undefined : toLeft(blocks / blocksPerSecond);
}

export const deviceNames = { webgpu: "GPU", wasm: "processor" } as const;

/** What is known of the network and of where it runs. */
export function toNetworkFacts(inference: InferenceState): readonly Fact[] {
  const { device, reason, card, block } = inference;
  return [
    ["device", deviceNames[device]],
    ["because", reason],
    ["precision", toPrecision(inference)],
    ["weights", card && toCount(card.parameterCount)],
    ["fetched", card && `${toSize(card.fetchedBytes)} of ${toSize(card.fileBytes)}`],
    ["activation", card && (card.activation ?? "none")],
    ["channels", card?.channels.join(", ")],
    ["sees", card?.receptiveField && `${card.receptiveField.join(" × ")} voxels`],
    ["block", block && `${block.outputShape.join(" × ")} voxels, from ${block.inputShape.join(" × ")} of the raw`],
    ["context", block && `${block.context.join(" × ")} nm around a block`],
    ["memory", toMemory(inference)],
  ];
}

function toPrecision({ precision, settings }: InferenceState): string | undefined {
  if (precision === "f16") return "half";
  if (precision === undefined || !settings?.halfPrecision) return undefined;
  return "single: this device does not compute with half precision";
}

function toMemory({ block, memoryBytes }: InferenceState): string | undefined {
  if (block === undefined) return undefined;
  const kept = memoryBytes === undefined ? "" : `, ${toSize(memoryBytes)} of finished blocks`;
  return `at most ${toSize(block.memoryBytes)} for a block${kept}`;
}

const parityNames = { ok: "agrees", warn: "differs", refuse: "wrong" } as const;

/** "agrees, max difference 3.0e-7". */
export function toBadge({ level, maxDifference, excused }: ParityState): string {
  const difference = Number.isFinite(maxDifference) ? maxDifference.toExponential(1) : "∞";
  return `${excused ? "not comparable" : parityNames[level]}, max difference ${difference}`;
}
