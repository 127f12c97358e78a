import { type Attributes, own, toStrings } from "./attributes.ts";
import type { AxisType } from "./axis-type.ts";
import type { OmeLevel } from "./ome-metadata.ts";

export type Axes = {
  readonly names: readonly string[];
  readonly types: readonly AxisType[];
  readonly notes: readonly string[];
};

export type AxisEvidence = {
  readonly rank: number;
  readonly attributes: Attributes;
  readonly ome: OmeLevel | undefined;
  /** zarr v3's own dimension_names. */
  readonly dimensionNames: readonly string[] | undefined;
  /** Number of spatial axes that voxel size, offset or units speak of; undefined when they say nothing of use. */
  readonly spatialRank: number | undefined;
};

/** Names (without `^`) and types of all axes, in array order; what is missing is taken as trailing z, y, x behind channels. */
export function toAxes(evidence: AxisEvidence): Axes {
  const given = givenNames(evidence);
  const named = given === undefined ? defaultNames(evidence) : fitNames(given, evidence.rank);
  const types = givenTypes(evidence, given?.length) ?? named.names.map(typeOf);
  const counted = countTypes(types, evidence);
  const names = unique(named.names.map((name) => name.replace(/\^$/, "")));
  return { names, types: counted.types, notes: [...named.notes, ...counted.notes] };
}

function givenNames({ attributes, ome, dimensionNames }: AxisEvidence): readonly string[] | undefined {
  const legacy = own(attributes, "axes");
  return (
    toStrings(own(attributes, "axis_names")) ??
    toStrings(typeof legacy === "string" ? [...legacy.slice(0, 64)] : legacy) ??
    toStrings(own(attributes, "_ARRAY_DIMENSIONS")) ??
    ome?.names ??
    dimensionNames
  );
}

function defaultNames({ rank, spatialRank }: AxisEvidence): { names: string[]; notes: string[] } {
  const spatial = Math.min(spatialRank ?? 3, rank);
  const names = Array.from({ length: rank }, (_, axis) => nameFromEnd(rank - axis, spatial));
  return { names, notes: [] };
}

// `fromEnd` counts from 1 at the last axis.
function nameFromEnd(fromEnd: number, spatial: number): string {
  if (fromEnd > spatial) return "c^";
  return ["x", "y", "z", "t"][fromEnd - 1] ?? `d${fromEnd}`;
}

// Releases up to 0.3.5 drop a single channel from the shape and keep it among the names.
function fitNames(names: readonly string[], rank: number): { names: readonly string[]; notes: string[] } {
  if (names.length === rank) return { names, notes: [] };
  const notes = [
    `The axis names are ${names.join(", ")}, and the array has ${rank} axes: the last ${Math.min(rank, names.length)} names were kept.`,
  ];
  if (names.length > rank) return { names: names.slice(names.length - rank), notes };
  return { names: [...Array<string>(rank - names.length).fill("c^"), ...names], notes };
}

function givenTypes(
  { attributes, rank, ome }: AxisEvidence,
  namesLength: number | undefined,
): readonly AxisType[] | undefined {
  const types =
    toStrings(own(attributes, "types")) ?? (own(attributes, "axis_names") === undefined ? ome?.axisTypes : undefined);
  const fitting = types !== undefined && types.length === namesLength ? types.slice(-rank) : types;
  if (fitting === undefined || fitting.length !== rank || fitting.every((type) => type === "")) return undefined;
  return fitting.map((type) => (type === "space" || type === "time" ? type : "channel"));
}

function typeOf(name: string): AxisType {
  if (name.endsWith("^") || /^(c|channels?)$/i.test(name)) return "channel";
  return /^(t|time)$/i.test(name) ? "time" : "space";
}

function countTypes(
  types: readonly AxisType[],
  { rank, spatialRank }: AxisEvidence,
): { types: readonly AxisType[]; notes: string[] } {
  const spatial = types.filter((type) => type !== "channel").length;
  if (spatialRank === undefined || spatialRank === spatial || spatialRank >= rank) return { types, notes: [] };
  const notes = [
    `The axis names speak of ${spatial} spatial axes and the voxel size of ${spatialRank}: the last ${spatialRank} axes were taken as spatial.`,
  ];
  return {
    types: types.map((type, axis) => (axis < rank - spatialRank ? "channel" : type === "time" ? type : "space")),
    notes,
  };
}

function unique(names: readonly string[]): string[] {
  const taken = new Set<string>();
  return names.map((name) => {
    let candidate = name;
    for (let count = 1; taken.has(candidate); count++) candidate = `${name}${count}`;
    taken.add(candidate);
    return candidate;
  });
}
