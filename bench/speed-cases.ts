import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Coordinate } from "#dacapo/coordinate.ts";
import { product } from "#dacapo/coordinate.ts";
import { toRunConfig } from "#dacapo/run-config.ts";
import type { Network } from "#inference/network.ts";
import { isNetwork, toNetwork } from "#inference/rebuild.ts";
import { readTorchCheckpoint } from "#storage/formats/torch-checkpoint.ts";
import { parseYaml } from "#storage/formats/yaml.ts";
import { demoFolder } from "./built-page.ts";

/** A network of a demo run, and the block that DaCapo validates it with. */
export type SpeedCase = {
  readonly run: string;
  readonly network: Network;
  /** As the run's YAML has it. */
  readonly architecture: unknown;
  /** A path. */
  readonly checkpoint: string;
  readonly inputShape: Coordinate;
  /** Noise between 0 and 1, the same on every visit. */
  readonly input: Float32Array;
};

/** Unpadded with nearest upsampling; padded with transposed. */
const checkpoints = [
  ["vnc_affs", 1000],
  ["vnc_mito_distance", 500],
] as const;

export const loadSpeedCases = (): readonly SpeedCase[] =>
  checkpoints.map(([run, iteration]) => loadCase(run, iteration));

function loadCase(run: string, iteration: number): SpeedCase {
  const base = resolve(demoFolder);
  const checkpoint = join(base, run, "checkpoints/iterations", String(iteration));
  const yaml = parseYaml(readFileSync(join(base, "configs/runs", `${run}.yaml`), "utf8"));
  const { config } = toRunConfig(yaml);
  const { stateDict } = readTorchCheckpoint(readFileSync(checkpoint));
  const network = toNetwork(stateDict, config.architectureConfig, config.taskConfig);
  if (!isNetwork(network)) throw new TypeError(network.problem);
  const inputShape = network.shapes.evalInputShape;
  const { architecture_config: architecture } = yaml as { readonly architecture_config?: unknown };
  return {
    run,
    network,
    architecture,
    checkpoint,
    inputShape,
    input: toNoise(network.inputChannels * product(inputShape)),
  };
}

export const toNoise = (length: number): Float32Array =>
  Float32Array.from({ length }, (_, i) => Math.sin(i * 12.9898) / 2 + 0.5);
