import type { Coordinate } from "#dacapo/coordinate.ts";
import type { YamlRecord, YamlValue } from "#storage/formats/yaml-value.ts";
import { isRecord } from "#storage/formats/yaml-value.ts";
import { isList, recordAt, textAt, toNumber, toNumberList } from "./manifest-values.ts";
import { spatialLetters } from "./own-ports.ts";

/** The axes of one tensor of a package; spatial lists in order z, y, x. */
export type TensorAxes = {
  /** Letters b, c, z, y, x in the tensor's own order. */
  readonly layout: string;
  readonly channels: number | undefined;
  readonly channelNames: readonly string[] | undefined;
  /** The smallest size that the package speaks of. */
  readonly shape: Coordinate | undefined;
  readonly halo: Coordinate | undefined;
  /** In nm, where the package gives lengths. */
  readonly voxelSize: Coordinate | undefined;
  /** Whole numbers of this type are expected, "uint8". */
  readonly dataType: string | undefined;
};

type Problem = { readonly ok: false; readonly problem: string };

export function toTensorAxes(tensor: YamlRecord, what: "input" | "output"): TensorAxes | Problem {
  const axes = typeof tensor.axes === "string" ? letterAxes(tensor) : listedAxes(tensor);
  const odd = axes.find(({ letter }) => letter === undefined);
  if (odd) return fail(`The package's ${what} has the axis "${odd.name}"; batch, channel, z, y and x are known.`);
  const layout = axes.map(({ letter }) => letter).join("");
  const letters = spatialLetters(layout);
  if (new Set(layout).size !== layout.length || !["yx", "zyx"].includes(letters))
    return fail(`The package's ${what} has the axes "${layout}"; images of two or three dimensions can be run.`);
  const pick = (read: (axis: Axis) => number | undefined) => {
    const values = [...letters]
      .map((letter) => axes.find((axis) => axis.letter === letter))
      .map((axis) => axis && read(axis));
    return values.every((value) => value !== undefined) ? values : undefined;
  };
  const channel = axes.find(({ letter }) => letter === "c");
  return {
    layout,
    channels: channel?.size ?? channel?.names?.length,
    channelNames: channel?.names,
    shape: pick(({ size }) => size),
    halo: axes.some(({ halo }) => halo !== undefined) ? pick(({ halo }) => halo ?? 0) : undefined,
    voxelSize: pick(({ nm }) => nm),
    dataType: toDataType(tensor),
  };
}

function fail(problem: string): Problem {
  return { ok: false, problem };
}

type Axis = {
  readonly name: string;
  /** Undefined for an axis that is not known. */
  readonly letter: string | undefined;
  readonly size: number | undefined;
  readonly halo?: number | undefined;
  readonly names?: readonly string[] | undefined;
  readonly nm?: number | undefined;
};

const MAX_AXES = 8;

/** Format 0.4: "bcyx", with shapes and halos as lists. */
function letterAxes(tensor: YamlRecord): readonly Axis[] {
  const shape = toNumberList(isRecord(tensor.shape) ? tensor.shape.min : tensor.shape);
  const halo = toNumberList(tensor.halo);
  return [...String(tensor.axes).slice(0, MAX_AXES)].map((name, i) => ({
    name,
    letter: "bczyx".includes(name) ? name : undefined,
    size: shape?.[i],
    ...(halo && { halo: halo[i] }),
  }));
}

/** Format 0.5: a list of mappings. */
function listedAxes(tensor: YamlRecord): readonly Axis[] {
  const axes = isList(tensor.axes) ? tensor.axes.slice(0, MAX_AXES) : [];
  return axes.map((axis) =>
    isRecord(axis) ? toAxis(axis) : { name: String(axis), letter: undefined, size: undefined },
  );
}

function toAxis(axis: YamlRecord): Axis {
  const type = textAt(axis, "type") ?? "";
  const name = textAt(axis, "id") ?? (type === "space" ? "x" : type);
  const names = isList(axis.channel_names) ? axis.channel_names.map(String) : undefined;
  return {
    name,
    letter: toLetter(type, name),
    size: toSize(axis.size),
    halo: toNumber(axis.halo),
    names,
    nm: toNanometres(axis),
  };
}

function toLetter(type: string, name: string): string | undefined {
  if (type === "batch") return "b";
  if (type === "channel") return "c";
  return type === "space" && ["z", "y", "x"].includes(name) ? name : undefined;
}

/** A number, or the least of those that are taken; sizes that follow another tensor's say nothing. */
function toSize(size: YamlValue | undefined): number | undefined {
  return isRecord(size) ? (recordAt(size, "tensor_id") ? undefined : toNumber(size.min)) : toNumber(size);
}

const UNITS: ReadonlyMap<string, number> = new Map([
  ["meter", 1e9],
  ["millimeter", 1e6],
  ["micrometer", 1e3],
  ["nanometer", 1],
  ["angstrom", 0.1],
]);

function toNanometres(axis: YamlRecord): number | undefined {
  const factor = UNITS.get(textAt(axis, "unit") ?? "");
  const scale = toNumber(axis.scale) ?? 1;
  return factor === undefined ? undefined : scale * factor;
}

function toDataType(tensor: YamlRecord): string | undefined {
  const data = isList(tensor.data) ? tensor.data[0] : tensor.data;
  return textAt(tensor, "data_type") ?? (isRecord(data) ? textAt(data, "type") : undefined);
}
