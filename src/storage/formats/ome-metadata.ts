import { type Attributes, nested, own, toAttributes, toNumbers } from "./attributes.ts";

/** What OME-NGFF says of one level, with an entry per axis of the array, channels included. */
export type OmeLevel = {
  readonly names: readonly string[] | undefined;
  readonly axisTypes: readonly string[] | undefined;
  readonly units: readonly string[] | undefined;
  readonly scale: readonly number[] | undefined;
  readonly translation: readonly number[] | undefined;
};

/**
 * The level at `path` in a group's `multiscales` (versions 0.3 to 0.5); undefined when the group lists no such level.
 * Scales of level and group are multiplied; the level's translation is scaled by the group's before both are added.
 */
export function toOmeLevel(groupAttributes: unknown, path: string): OmeLevel | undefined {
  const group = toAttributes(groupAttributes);
  for (const multiscale of toList(nested(group, "ome", "multiscales") ?? own(group, "multiscales"))) {
    const level = toList(own(multiscale, "datasets")).find(
      (dataset) => trimSlashes(own(dataset, "path")) === trimSlashes(path),
    );
    if (level !== undefined)
      return { ...toAxes(own(multiscale, "axes")), ...combine(toTransform(level), toTransform(multiscale)) };
  }
  return undefined;
}

/** Paths of the levels of a group's first `multiscales`; empty where it has none. */
export function toOmePaths(groupAttributes: unknown): readonly string[] {
  const group = toAttributes(groupAttributes);
  const [first] = toList(nested(group, "ome", "multiscales") ?? own(group, "multiscales"));
  const paths = first ? toList(own(first, "datasets")).map((dataset) => trimSlashes(own(dataset, "path"))) : [];
  return paths.flatMap((path) => (path === undefined || path === "" ? [] : [path]));
}

function toList(value: unknown): readonly Attributes[] {
  return Array.isArray(value) ? value.slice(0, 256).map(toAttributes) : [];
}

function trimSlashes(path: unknown): string | undefined {
  return typeof path === "string"
    ? path
        .split("/")
        .filter((part) => part !== "" && part !== ".")
        .join("/")
    : undefined;
}

function toAxes(axes: unknown): Pick<OmeLevel, "names" | "axisTypes" | "units"> {
  if (!Array.isArray(axes) || axes.length > 64) return { names: undefined, axisTypes: undefined, units: undefined };
  const column = (key: string) =>
    axes.map((axis) => toText(typeof axis === "string" && key === "name" ? axis : own(toAttributes(axis), key)));
  return { names: column("name"), axisTypes: column("type"), units: column("unit") };
}

function toText(value: unknown): string {
  return typeof value === "string" ? value.slice(0, 100) : "";
}

type Transform = { readonly scale: readonly number[] | undefined; readonly translation: readonly number[] | undefined };

function toTransform(holder: Attributes): Transform {
  const steps = toList(own(holder, "coordinateTransformations"));
  const find = (type: string) => toNumbers(own(toAttributes(steps.find((step) => own(step, "type") === type)), type));
  return { scale: find("scale"), translation: find("translation") };
}

function combine(level: Transform, group: Transform): Transform {
  const scaleOf = (axis: number) => group.scale?.[axis] ?? 1;
  const moved = level.translation?.map((value, axis) => value * scaleOf(axis) + (group.translation?.[axis] ?? 0));
  return {
    scale: level.scale?.map((value, axis) => value * scaleOf(axis)) ?? group.scale,
    translation: moved ?? group.translation,
  };
}
