// Arrays that are made of two others where they are read: the difference of two predictions, the agreement of two segmentations.
import { equals, filled, product } from "#dacapo/coordinate.ts";
import { type AgreementKind, toAgreement } from "#evaluation/agreement.ts";
import type { LabelData } from "#evaluation/label-data.ts";
import { createObjectMatcher, type ObjectMatcher } from "#evaluation/object-matcher.ts";
import { openTileArray, type TileSource, tilesOf } from "#inference/memory-array.ts";
import type { RunArray } from "#storage/open-array.ts";
import type { LayerKind } from "#volumes/layer-kind.ts";
import { readBlock } from "#volumes/read-block.ts";
import { createMatching, type MatchContext, type MatchWork } from "./matching.ts";

export type CompareErrorTag = "other-grid" | "too-large";

/** Two arrays cannot be compared voxel by voxel; the message is a sentence for people. */
export class CompareError extends Error {
  readonly tag: CompareErrorTag;

  constructor(tag: CompareErrorTag, message: string) {
    super(message);
    this.name = "CompareError";
    this.tag = tag;
  }
}

/** Where an array lies, spatial axes in the order z, y, x. */
type Grid = {
  readonly channels: number;
  readonly axisNames: readonly string[];
  readonly shape: readonly number[];
  readonly voxelSize: readonly number[];
  readonly offset: readonly number[];
  readonly units: readonly string[];
  readonly chunks: readonly number[];
};

const world = ["z", "y", "x"];

function toGrid({ shape, chunks, metadata }: RunArray): Grid {
  const { spatialAxes, axisNames, voxelSize, offset, units } = metadata;
  const named = spatialAxes.map((axis, index) => ({ axis, index, name: axisNames[axis]?.toLowerCase() ?? "" }));
  const isNamed = named.every(({ name }) => world.includes(name));
  const axes = isNamed ? named.toSorted((a, b) => world.indexOf(a.name) - world.indexOf(b.name)) : named;
  return {
    channels: product(shape.filter((_, axis) => !spatialAxes.includes(axis))),
    axisNames: axes.map(({ name }, i) => (isNamed ? name : (world.at(i - axes.length) ?? name))),
    shape: axes.map(({ axis }) => shape[axis] ?? 1),
    voxelSize: axes.map(({ index }) => voxelSize[index] ?? 1),
    offset: axes.map(({ index }) => offset[index] ?? 0),
    units: axes.map(({ index }) => units[index] ?? "nm"),
    chunks: axes.map(({ axis }) => Math.min(chunks[axis] ?? 1, shape[axis] ?? 1)),
  };
}

/** Why voxels of the one are not those of the other; a sentence. */
function toObstacle(a: Grid, b: Grid): string | undefined {
  const parts = [
    ["voxels", a.voxelSize, b.voxelSize],
    ["an offset", a.offset, b.offset],
    ["a shape", a.shape, b.shape],
    ["a number of channels", [a.channels], [b.channels]],
  ] as const;
  const other = parts.find(([, first, second]) => !equals(first, second));
  if (other === undefined) return undefined;
  const [what, first, second] = other;
  return `A and B do not lie on one grid, so that they cannot be subtracted: A has ${what} of ${first.join(" × ")}, B of ${second.join(" × ")}. Side by side and swipe show both where they are.`;
}

/** Both arrays are read in pieces of at most so many bytes each. */
const maxTileBytes = 2 ** 24;

function toTileShape({ chunks, channels }: Grid): readonly number[] {
  const tile = [...chunks];
  while (product(tile) * channels * 8 > maxTileBytes) {
    const longest = tile.indexOf(Math.max(...tile));
    if ((tile[longest] ?? 1) <= 1) break;
    tile[longest] = Math.ceil((tile[longest] ?? 1) / 2);
  }
  return tile;
}

type Pair = {
  readonly grid: Grid;
  readonly tileShape: readonly number[];
  /** What both hold of a tile, cut to the arrays, channels first. */
  read(
    index: readonly number[],
    signal?: AbortSignal,
  ): Promise<{ a: LabelData; b: LabelData; shape: readonly number[] }>;
};

function openPair(first: RunArray, second: RunArray): Pair {
  const grid = toGrid(first);
  const obstacle = toObstacle(grid, toGrid(second));
  if (obstacle !== undefined) throw new CompareError("other-grid", obstacle);
  const tileShape = toTileShape(grid);
  return {
    grid,
    tileShape,
    async read(index, signal) {
      const begin = index.map((at, axis) => at * (tileShape[axis] ?? 1));
      const end = begin.map((at, axis) => Math.min(at + (tileShape[axis] ?? 1), grid.shape[axis] ?? 0));
      const options = signal ? { signal } : {};
      const [a, b] = await Promise.all([first, second].map((array) => readBlock(array, begin, end, options)));
      const shape = end.map((at, axis) => at - (begin[axis] ?? 0));
      return { a: a?.data ?? new Uint8Array(), b: b?.data ?? new Uint8Array(), shape };
    },
  };
}

/** Values of a tile that was cut at the array's end, in a whole one; what lies beyond is no number. */
function toWholeTile(
  values: Float32Array<ArrayBuffer>,
  shape: readonly number[],
  tileShape: readonly number[],
  channels: number,
): Float32Array<ArrayBuffer> {
  if (equals(shape, tileShape)) return values;
  const whole = new Float32Array(channels * product(tileShape)).fill(Number.NaN);
  const row = shape.at(-1) ?? 1;
  for (let from = 0, n = 0; from < values.length; from += row, n += 1) {
    whole.set(values.subarray(from, from + row), toRowStart(n, shape, tileShape));
  }
  return whole;
}

/** Where the n-th row of `shape`, channels counted on, begins in a tile. */
function toRowStart(n: number, shape: readonly number[], tileShape: readonly number[]): number {
  let [rest, start, stride] = [n, 0, tileShape.at(-1) ?? 1];
  for (let axis = shape.length - 2; axis >= 0; axis -= 1) {
    start += (rest % (shape[axis] ?? 1)) * stride;
    rest = Math.floor(rest / (shape[axis] ?? 1));
    stride *= tileShape[axis] ?? 1;
  }
  return start + rest * stride;
}

type Compare = (a: LabelData, b: LabelData, signal?: AbortSignal) => Promise<Float32Array<ArrayBuffer>>;

/** `ready`: waited for before a tile is read. */
function openCompared(
  { grid, tileShape, read }: Pair,
  label: string,
  compare: Compare,
  ready?: (signal: AbortSignal | undefined) => Promise<unknown>,
): Promise<RunArray> {
  const source: TileSource = {
    async readTile(index, signal) {
      await ready?.(signal);
      const { a, b, shape } = await read(index, signal);
      return toWholeTile(await compare(a, b, signal), shape, tileShape, grid.channels);
    },
  };
  const { shape, axisNames, units, channels } = grid;
  const placed = { ...grid, anchor: filled(shape.length, 0), end: shape };
  return openTileArray({ label, channels, grid: placed, tileShape, axisNames, units, source });
}

/** B less A, in the values that are stored; not a number where one of them is none. @throws CompareError */
export async function openDifference(first: RunArray, second: RunArray): Promise<RunArray> {
  const pair = openPair(first, second);
  const array = await openCompared(pair, "difference", async (a, b) =>
    Float32Array.from({ length: a.length }, (_, voxel) => Number(b[voxel]) - Number(a[voxel])),
  );
  const bytes = [first, second].some(({ dtype }) => dtype === "|u1");
  return { ...array, attributes: { ...array.attributes, span: bytes ? 255 : 1 } };
}

const agreementKinds: Readonly<Partial<Record<LayerKind, AgreementKind>>> = {
  instances: "instances",
  "class-segmentation": "classes",
};

/** Objects are matched by all of what both arrays hold, which is read for it. */
const maxMatchedVoxels = 2 ** 29;

/** One number for each voxel, see `agreements`; objects are matched once the first is read. @throws CompareError */
export async function openAgreement(
  first: RunArray,
  second: RunArray,
  drawnAs: LayerKind,
  context: MatchContext,
  start: () => ObjectMatcher = createObjectMatcher,
): Promise<RunArray> {
  const pair = openPair(first, second);
  const kind = agreementKinds[drawnAs] ?? "masks";
  if (kind !== "instances") return openCompared(pair, "agreement", async (a, b) => toAgreement(a, b, kind));
  const voxels = product(pair.grid.shape);
  if (voxels > maxMatchedVoxels) throw new CompareError("too-large", toTooLarge(voxels));
  const matching = createMatching(context, toWork(pair, start));
  const judge: Compare = async (a, b, signal) => (await matching(signal)).toAgreement(a, b);
  return openCompared(pair, "agreement", judge, matching);
}

function toTooLarge(voxels: number): string {
  const millions = Math.round(voxels / 1e6);
  return `The segmentations have ${millions} million voxels, and to match their objects all of them would have to be read (at most ${Math.round(maxMatchedVoxels / 1e6)} million are). Side by side and swipe show both.`;
}

/** Counts all voxels of both, a part after the other. */
function toWork({ grid, tileShape, read }: Pair, start: () => ObjectMatcher): MatchWork {
  return async (signal, onProgress) => {
    const tiles = [...tilesOf(tileShape, filled(tileShape.length, 0), grid.shape)];
    const matcher = start();
    try {
      for (const [done, index] of tiles.entries()) {
        onProgress({ done, total: tiles.length });
        const { a, b } = await read(index, signal);
        signal.throwIfAborted();
        await matcher.add(a, b);
      }
      return matcher;
    } catch (error) {
      matcher.dispose();
      throw error;
    }
  };
}
