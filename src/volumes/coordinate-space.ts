import type { RunArray } from "#storage/open-array.ts";

/** One axis of an array as neuroglancer knows it. Names: "z", "y", "x", "t", and "c^", ... for channels. */
export type SpaceAxis = {
  readonly name: string;
  readonly channel: boolean;
  /** In voxels. */
  readonly size: number;
  /** Of one voxel, in `unit`. */
  readonly scale: number;
  readonly unit: "m" | "s" | "";
  /** Of the corner of voxel 0, in voxels; neuroglancer's voxel i spans i to i + 1, so corners stay corners. */
  readonly offset: number;
};

/** Axes in array order. */
export type CoordinateSpace = readonly SpaceAxis[];

export type Dimensions = Readonly<Record<string, readonly [scale: number, unit: string]>>;

/** World box in metres (seconds for t, bare numbers where the unit is unknown), by axis name. */
export type Box = ReadonlyMap<string, { readonly begin: number; readonly end: number; readonly voxel: number }>;

/** An axis held at one index and taken out of the layer: an iteration of a snapshot, a batch entry. */
export type FixedAxis = { readonly axis: number; readonly index: number };

type SiUnit = readonly [unit: "m" | "s" | "", factor: number];

const SI_UNITS: ReadonlyMap<string, SiUnit> = new Map<string, SiUnit>(
  (
    [
      ["nm nanometer nanometers nanometre nanometres", "m", 1e-9],
      ["um µm μm micron microns micrometer micrometers micrometre micrometres", "m", 1e-6],
      ["mm millimeter millimeters millimetre millimetres", "m", 1e-3],
      ["m meter meters metre metres", "m", 1],
      ["pm picometer picometers", "m", 1e-12],
      ["angstrom angstroms å", "m", 1e-10],
      ["s second seconds", "s", 1],
      ["ms millisecond milliseconds", "s", 1e-3],
    ] as const
  ).flatMap(([names, unit, factor]) => names.split(" ").map((name): [string, SiUnit] => [name, [unit, factor]])),
);

/** DaCapo writes empty units and means nm. A unit that is not known keeps its numbers and loses its name. */
export function toSiUnit(unit: string): SiUnit {
  return SI_UNITS.get(unit.trim().toLowerCase() || "nm") ?? ["", 1];
}

const WORLD_AXES = ["t", "z", "y", "x"];

/** Keeps t, z, y, x; anything else is named from the last axis: x, y, z, t. */
function toSpatialNames(names: readonly string[]): readonly string[] {
  const lower = names.map((name) => name.trim().toLowerCase());
  const known = lower.every((name) => WORLD_AXES.includes(name)) && new Set(lower).size === lower.length;
  if (known) return lower;
  return lower.map((_, i) => WORLD_AXES.at(i - lower.length) ?? `d${i}`);
}

function toChannelName(name: string, taken: ReadonlySet<string>): string {
  const stem = name.replace(/[^A-Za-z0-9_]/g, "") || "c";
  for (let n = 0; ; n++) {
    const candidate = `${stem}${n === 0 ? "" : n}^`;
    if (!taken.has(candidate)) return candidate;
  }
}

function finitePositive(value: number | undefined): number {
  return value !== undefined && Number.isFinite(value) && value > 0 ? value : 1;
}

/** World placement: `offset` of the array is the corner of its voxel 0, in world units (section 11 of the format). */
export function toCoordinateSpace(array: Pick<RunArray, "metadata" | "shape">): CoordinateSpace {
  const { metadata, shape } = array;
  const spatial = metadata.spatialAxes;
  const spatialNames = toSpatialNames(spatial.map((axis) => metadata.axisNames[axis] ?? ""));
  const taken = new Set<string>();
  return shape.map((size, axis) => {
    const s = spatial.indexOf(axis);
    if (s < 0) {
      const name = toChannelName(metadata.axisNames[axis] ?? "c", taken);
      taken.add(name);
      return { name, channel: true, size, scale: 1, unit: "", offset: 0 };
    }
    const [unit, factor] = toSiUnit(metadata.units[s] ?? "");
    const voxel = finitePositive(metadata.voxelSize[s]);
    const offset = metadata.offset[s] ?? 0;
    return {
      name: spatialNames[s] ?? `d${s}`,
      channel: false,
      size,
      scale: Number((voxel * factor).toPrecision(12)), // 9e-9, not 9.000000000000001e-9: it is written into links
      unit,
      offset: Number.isFinite(offset) ? offset / voxel : 0,
    };
  });
}

export function withoutAxes(space: CoordinateSpace, fixed: readonly FixedAxis[]): CoordinateSpace {
  return space.filter((_, axis) => !fixed.some((f) => f.axis === axis));
}

function toDimensions(space: CoordinateSpace): Dimensions {
  return Object.fromEntries(space.map((axis) => [axis.name, [axis.scale, axis.unit] as const]));
}

/** neuroglancer's source transform; input and output names are equal, and equal to those that the source announces. */
export function toTransformJson(space: CoordinateSpace): Readonly<Record<string, unknown>> {
  const dimensions = toDimensions(space);
  const matrix = space.map((axis, row) => [...space.map((_, column) => (row === column ? 1 : 0)), axis.offset]);
  return { outputDimensions: dimensions, inputDimensions: dimensions, matrix };
}

export function toBox(space: CoordinateSpace): Box {
  return new Map(
    space
      .filter((axis) => !axis.channel)
      .map((axis) => [
        axis.name,
        { begin: axis.offset * axis.scale, end: (axis.offset + axis.size) * axis.scale, voxel: axis.scale },
      ]),
  );
}

const DISPLAY_ORDER = ["x", "y", "z"];

/** The viewer's own dimensions, x first: the finest voxel of any layer, so that one key press is one voxel. */
export function toGlobalDimensions(spaces: readonly CoordinateSpace[]): Dimensions {
  const finest = new Map<string, readonly [number, string]>();
  for (const axis of spaces.flat()) {
    if (axis.channel) continue;
    const known = finest.get(axis.name);
    if (known === undefined || axis.scale < known[0]) finest.set(axis.name, [axis.scale, axis.unit]);
  }
  return Object.fromEntries([...finest].sort(([a], [b]) => toRank(a) - toRank(b)));
}

function toRank(name: string): number {
  const rank = DISPLAY_ORDER.indexOf(name);
  return rank < 0 ? DISPLAY_ORDER.length : rank;
}

export function toDisplayDimensions(dimensions: Dimensions): readonly string[] {
  return DISPLAY_ORDER.filter((name) => Object.hasOwn(dimensions, name));
}
