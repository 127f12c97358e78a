import { type Axes, toAxes } from "./array-axes.ts";
import { type Attributes, nested, own, toAttributes, toNumbers, toStrings } from "./attributes.ts";
import type { AxisType } from "./axis-type.ts";
import { FormatError } from "./format-error.ts";
import { type OmeLevel, toOmeLevel } from "./ome-metadata.ts";
import { toUnit } from "./spatial-units.ts";

/**
 * Where an array lies in the world. `axisNames` (without the `^` that marks a channel) and `types` have an entry per axis of
 * the array, in array order; `voxelSize`, `offset` and `units` one per spatial (space or time) axis, in the same order.
 */
export type ArrayMetadata = {
  readonly axisNames: readonly string[];
  readonly types: readonly AxisType[];
  /** Positive, never rounded, in `units`. */
  readonly voxelSize: readonly number[];
  /** World coordinate of the outer corner of voxel 0, in `units`. */
  readonly offset: readonly number[];
  /** "nm" (for time "s") where the array says nothing. */
  readonly units: readonly string[];
  /** Indices of the spatial axes. */
  readonly spatialAxes: readonly number[];
  /** What was assumed or mended, a sentence each, for people. */
  readonly notes: readonly string[];
};

/** Attributes of a group above the array, and the array's path inside that group ("s0"). */
export type ParentAttributes = { readonly attributes: unknown; readonly path: string };

/**
 * Resolves the attributes of one array as section 11.3 of the format reference orders them.
 * `arrayMeta` is the parsed `.zarray`, `zarr.json` or N5 `attributes.json`; `attributes` the parsed `.zattrs` (undefined takes
 * those inside `arrayMeta`); `parents` the groups above, nearest first.
 * Throws FormatError "malformed" when `arrayMeta` has no usable shape; everything else falls back with a note.
 */
export function parseArrayMetadata(
  arrayMeta: unknown,
  attributes?: unknown,
  parents: readonly ParentAttributes[] = [],
): ArrayMetadata {
  const evidence = gather(arrayMeta, attributes, parents);
  const sizes = voxelSizeCandidates(evidence);
  const offsets = offsetCandidates(evidence);
  const axes = toAxes({
    ...evidence,
    attributes: evidence.ordered,
    spatialRank: spatialRankOf(evidence, [...sizes, ...offsets]),
  });
  return place(axes, sizes, offsets, evidence);
}

type Evidence = {
  readonly rank: number;
  readonly n5: boolean;
  /** The array's attributes, and the same with the axis names of an x-first N5 array turned round. */
  readonly attributes: Attributes;
  readonly ordered: Attributes;
  readonly xFirst: boolean;
  readonly parents: readonly Attributes[];
  readonly ome: OmeLevel | undefined;
  readonly dimensionNames: readonly string[] | undefined;
};

function gather(arrayMeta: unknown, attributes: unknown, parents: readonly ParentAttributes[]): Evidence {
  const meta = toAttributes(arrayMeta);
  const n5 = own(meta, "shape") === undefined && own(meta, "dimensions") !== undefined;
  const rank = toRank(own(meta, n5 ? "dimensions" : "shape"));
  const given = toAttributes(attributes ?? (n5 ? meta : own(meta, "attributes")));
  const xFirst = n5 && namesStartWithX(given);
  const omeLevels = parents.map((parent) => toOmeLevel(parent.attributes, parent.path));
  return {
    rank,
    n5,
    attributes: given,
    ordered: xFirst ? reverseNames(given) : given,
    xFirst,
    parents: parents.map((parent) => toAttributes(parent.attributes)),
    ome: omeLevels.find((level) => level !== undefined) ?? toOmeLevel(given, ""),
    dimensionNames: toStrings(own(meta, "dimension_names")),
  };
}

function toRank(shape: unknown): number {
  const usable =
    Array.isArray(shape) && shape.length <= 32 && shape.every((size) => Number.isSafeInteger(size) && size >= 0);
  if (usable) return shape.length;
  throw new FormatError({
    tag: "malformed",
    format: "array metadata",
    message:
      "The array's metadata gives no usable shape; check that its .zarray, zarr.json or attributes.json was written completely.",
  });
}

const nameKeys = ["axis_names", "axes", "_ARRAY_DIMENSIONS"];

function namesStartWithX(attributes: Attributes): boolean {
  const names = nameKeys.map((key) => own(attributes, key)).find((value) => value !== undefined);
  return (typeof names === "string" ? names[0] : toStrings(names)?.[0]) === "x";
}

function reverseNames(attributes: Attributes): Attributes {
  const reversed: [string, unknown][] = nameKeys.map((key) => [key, own(attributes, key)] as [string, unknown]);
  const turn = (value: unknown) =>
    typeof value === "string" ? [...value.slice(0, 64)].reverse() : toStrings(value)?.toReversed();
  return {
    ...attributes,
    ...Object.fromEntries(
      reversed.filter(([, value]) => value !== undefined).map(([key, value]) => [key, turn(value)]),
    ),
  };
}

/** Numbers found under one name, in array order; `source` is for notes. */
type Candidate = { readonly values: readonly number[]; readonly source: string };

function voxelSizeCandidates(evidence: Evidence): readonly Candidate[] {
  const { attributes, parents, ome } = evidence;
  return compact([
    candidate("voxel_size", own(attributes, "voxel_size"), evidence.xFirst),
    candidate("multiscales", ome?.scale, false),
    ...[attributes, ...parents].flatMap((holder) => legacySizes(holder, evidence)),
  ]).filter(({ values }) => values.every((value) => value > 0));
}

// resolution and pixelResolution are x, y, z in every N5 container.
function legacySizes(holder: Attributes, { n5, attributes, xFirst }: Evidence): (Candidate | undefined)[] {
  return [
    holder === attributes ? undefined : candidate("voxel_size", own(holder, "voxel_size"), xFirst),
    candidate("resolution", own(holder, "resolution"), n5),
    candidate("scale", own(holder, "scale"), xFirst),
    candidate("pixelResolution", nested(holder, "pixelResolution", "dimensions"), n5),
    candidate("transform.scale", nested(holder, "transform", "scale"), isFortran(holder)),
  ];
}

// Legacy N5 containers turned the offset round together with the resolution.
function offsetCandidates({ attributes, parents, ome, n5, xFirst }: Evidence): readonly Candidate[] {
  const legacyN5 = (holder: Attributes) =>
    n5 && own(holder, "resolution") !== undefined && own(holder, "voxel_size") === undefined;
  const ofHolder = (holder: Attributes) => [
    candidate("offset", own(holder, "offset"), xFirst || legacyN5(holder)),
    candidate("transform.translate", nested(holder, "transform", "translate"), isFortran(holder)),
  ];
  return compact([
    ...ofHolder(attributes),
    candidate("multiscales", ome?.translation, false),
    ...parents.flatMap(ofHolder),
  ]);
}

function isFortran(holder: Attributes): boolean {
  return nested(holder, "transform", "ordering") === "F";
}

function candidate(source: string, value: unknown, reversed: boolean): Candidate | undefined {
  const values = toNumbers(value);
  return values === undefined ? undefined : { source, values: reversed ? values.toReversed() : values };
}

function compact<T>(values: readonly (T | undefined)[]): T[] {
  return values.filter((value) => value !== undefined);
}

// A list of full length says nothing: it may count channels too.
function spatialRankOf({ rank, attributes }: Evidence, candidates: readonly Candidate[]): number | undefined {
  const units = toStrings(own(attributes, "units"))?.length;
  return [...candidates.map(({ values }) => values.length), units ?? rank].find((length) => length < rank);
}

function place(
  axes: Axes,
  sizes: readonly Candidate[],
  offsets: readonly Candidate[],
  evidence: Evidence,
): ArrayMetadata {
  const spatialAxes = axes.types.flatMap((type, axis) => (type === "channel" ? [] : [axis]));
  const size = firstFitting(sizes, spatialAxes, evidence.rank);
  const offset = firstFitting(offsets, spatialAxes, evidence.rank);
  const units = unitsOf(evidence, axes, spatialAxes);
  return {
    axisNames: axes.names,
    types: axes.types,
    voxelSize: size ?? spatialAxes.map(() => 1),
    offset: offset ?? spatialAxes.map(() => 0),
    units: units.units,
    spatialAxes,
    notes: [
      ...axes.notes,
      ...missingNotes(sizes, size, "voxel size", "1"),
      ...missingNotes(offsets, offset, "offset", "0"),
      ...units.notes,
    ],
  };
}

function firstFitting(
  candidates: readonly Candidate[],
  spatialAxes: readonly number[],
  rank: number,
): readonly number[] | undefined {
  for (const { values } of candidates) {
    if (values.length === spatialAxes.length) return values;
    if (values.length === rank) return spatialAxes.map((axis) => values[axis] ?? 1);
  }
  return undefined;
}

function missingNotes(candidates: readonly Candidate[], found: unknown, what: string, fallback: string): string[] {
  if (found !== undefined) return [];
  if (candidates.length === 0) return what === "offset" ? [] : [`The array gives no ${what}: ${fallback} was taken.`];
  return [
    `The ${what} in ${candidates.map(({ source }) => source).join(", ")} does not fit the number of axes: ${fallback} was taken.`,
  ];
}

function unitsOf(evidence: Evidence, axes: Axes, spatialAxes: readonly number[]): { units: string[]; notes: string[] } {
  const texts = unitTexts(evidence, spatialAxes);
  const notes: string[] = [];
  const units = spatialAxes.map((axis, index) => {
    const text = texts?.[index] ?? "";
    const unit = toUnit(text, axes.types[axis] ?? "space");
    if (unit === undefined)
      notes.push(`The unit ${JSON.stringify(text)} of axis ${axes.names[axis] ?? axis} is not known.`);
    return unit ?? text;
  });
  return { units, notes };
}

// dimension_units counts the channels too, at the front.
function unitTexts(evidence: Evidence, spatialAxes: readonly number[]): readonly string[] | undefined {
  const { attributes, ome, n5, xFirst, parents, rank } = evidence;
  const turn = (value: readonly string[] | undefined, reversed: boolean) => (reversed ? value?.toReversed() : value);
  const single =
    nested(attributes, "pixelResolution", "unit") ??
    parents.map((parent) => nested(parent, "pixelResolution", "unit")).find((unit) => unit !== undefined);
  const lists = [
    turn(toStrings(own(attributes, "units")), xFirst),
    turn(toStrings(own(attributes, "dimension_units")), n5 && xFirst),
    typeof single === "string" ? spatialAxes.map(() => single) : undefined,
    turn(toStrings(nested(attributes, "transform", "units")), isFortran(attributes)),
    ome?.units,
  ].map((list) =>
    list?.length === rank ? spatialAxes.map((axis) => list[axis] ?? "") : list?.slice(-spatialAxes.length),
  );
  return lists.find((list) => list?.length === spatialAxes.length && list.some((text) => text !== ""));
}
