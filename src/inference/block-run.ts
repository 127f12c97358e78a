import type { Coordinate } from "#dacapo/coordinate.ts";
import { equals, product, subtract } from "#dacapo/coordinate.ts";
import { type AugmentationChoice, planAugmentations, runAugmented } from "./block-augment.ts";
import { type BlockFinding, findFlaws } from "./block-check.ts";
import { copyVoxels, type Voxels } from "./block-copy.ts";
import { type InputSource, readInput } from "./block-input.ts";
import { type Block, type BlockPlan, coverRegion, inputBeginOf } from "./block-plan.ts";
import type { Engine, GraphVariant } from "./engine.ts";
import { InferenceError } from "./inference-error.ts";
import { applySteps, channelsFirst, type ValueStep } from "./value-steps.ts";

/** All that it takes to compute any part of a grid. */
export type BlockRunner = {
  readonly plan: BlockPlan;
  readonly source: InputSource;
  readonly engine: Pick<Engine, "run">;
  readonly variant: Pick<GraphVariant, "lowering" | "precision">;
  /** Spatial axes of the network; data may have one more in front, which is then taken slice by slice. */
  readonly dimensions: number;
  /** The network ends in a sigmoid. */
  readonly activated: boolean;
  /** What a package does to the values of the network. */
  readonly finish?: readonly ValueStep[];
  /** Averaged over flips and quarter turns of the image plane; off where it is missing. */
  readonly augmentation?: AugmentationChoice;
};

export type BlockDone = {
  readonly block: Block;
  readonly milliseconds: number;
  readonly findings: readonly BlockFinding[];
};

export type RunOptions = { readonly signal?: AbortSignal; readonly onBlock?: (done: BlockDone) => void };

/**
 * The prediction from voxel `begin` to `end` of the grid: [channel, ...spatial axes]. Where DaCapo predicts nothing it is 0, as there.
 * While one block is computed the raw of the next is read. Throws InferenceError and what reading the raw throws.
 */
export async function predictRegion(
  runner: BlockRunner,
  begin: Coordinate,
  end: Coordinate,
  options: RunOptions = {},
): Promise<Voxels> {
  const shape = [runner.plan.geometry.outputChannels, ...subtract(end, begin)];
  const blocks = coverRegion(runner.plan, begin, end);
  let region: Voxels | undefined;
  let next = startReading(runner, blocks[0], options.signal);
  for (const [i, block] of blocks.entries()) {
    const input = await next;
    next = startReading(runner, blocks[i + 1], options.signal);
    if (input === undefined) continue;
    const output = await runBlock(runner, block, input, options);
    if (isWhole(block, output.shape, begin, end)) return output;
    region ??= { data: new Float32Array(product(shape)), shape };
    copyVoxels(output, block.from, region, subtract(block.begin, begin), subtract(block.end, block.begin));
  }
  return region ?? { data: new Float32Array(product(shape)), shape };
}

/** Nothing of the block is left out, and nothing else is needed. */
function isWhole(block: Block, shape: Coordinate, begin: Coordinate, end: Coordinate): boolean {
  const covers = equals(block.begin, begin) && equals(block.end, end);
  return covers && equals(subtract(end, begin), shape.slice(1));
}

function startReading(runner: BlockRunner, block: Block | undefined, signal: AbortSignal | undefined) {
  if (block === undefined) return Promise.resolve(undefined);
  const reading = readBlockInput(runner, block, signal);
  reading.catch(() => undefined); // told of when it is awaited, which a failing block before it may prevent
  return reading;
}

/** The input of one block. */
export function readBlockInput(
  { plan, source }: Pick<BlockRunner, "plan" | "source">,
  block: Block,
  signal?: AbortSignal,
): Promise<Float32Array<ArrayBuffer>> {
  const axes = plan.size.inputShape.length;
  const { voxelSize, offset } = source.array.metadata;
  const place = { voxelSize: voxelSize.slice(-axes), offset: offset.slice(-axes) };
  return readInput(source, inputBeginOf(plan, block, place), plan.size.inputShape, signal);
}

async function runBlock(
  runner: BlockRunner,
  block: Block,
  input: Float32Array<ArrayBuffer>,
  { signal, onBlock }: RunOptions,
): Promise<Voxels> {
  const { plan, engine, dimensions, augmentation = "none" } = runner;
  const inputShape = plan.size.inputShape.slice(-dimensions);
  const augmentations = planAugmentations(augmentation, inputShape, plan.grid.voxelSize);
  const run = (turned: Float32Array<ArrayBuffer>) => engine.run({ ...runner.variant, inputShape }, turned, signal);
  const output = await runAugmented(run, input, inputShape, augmentations);
  const shape = [plan.geometry.outputChannels, ...plan.size.outputShape];
  if (product(output.shape) !== product(shape)) {
    const found = output.shape.join(" x ");
    throw new InferenceError(
      "model",
      `The model gives ${found} values for a block where ${shape.join(" x ")} were expected.`,
    );
  }
  if (runner.finish) applySteps(output.data, runner.finish, channelsFirst(shape[0] ?? 1, output.data.length));
  const findings = findFlaws(output.seen.input, output.seen.output, runner.activated);
  onBlock?.({ block, milliseconds: output.milliseconds, findings });
  return { data: output.data, shape };
}
