import type { Box } from "./coordinate-space.ts";
import type { Layout, View } from "./volume-viewer.ts";

/** neuroglancer's global space: axes in its own order, metres (or the axis' unit) per voxel. */
export type GlobalSpace = {
  readonly names: readonly string[];
  readonly scales: readonly number[];
  readonly units: readonly string[];
};

const NM = 1e-9;

/** The unit that positions are given in: nm for lengths, otherwise the axis' own. */
export function toViewUnit(space: GlobalSpace): { readonly unit: string; readonly factor: number } {
  const unit = space.units[space.names.indexOf("x")] ?? "m";
  return unit === "m" ? { unit: "nm", factor: NM } : { unit, factor: 1 };
}

/** Voxels of the global space to [z, y, x] in the view's unit; an axis that is not there is 0. */
export function toViewPosition(voxels: ArrayLike<number>, space: GlobalSpace): [z: number, y: number, x: number] {
  const { factor } = toViewUnit(space);
  const along = (name: string) => {
    const axis = space.names.indexOf(name);
    const value = axis < 0 ? 0 : ((voxels[axis] ?? 0) * (space.scales[axis] ?? 1)) / factor;
    return Math.round(value * 1000) / 1000; // neuroglancer keeps float32: what lies beyond is not the data's
  };
  return [along("z"), along("y"), along("x")];
}

/** Axes that `world` (metres) does not name keep their place. */
export function toVoxels(
  world: ReadonlyMap<string, number>,
  voxels: ArrayLike<number>,
  space: GlobalSpace,
): Float32Array {
  return Float32Array.from(space.names, (name, axis) => {
    const value = world.get(name);
    return value === undefined ? (voxels[axis] ?? 0) : value / (space.scales[axis] ?? 1);
  });
}

/** The smallest box around all. */
export function toUnion(boxes: readonly Box[]): Box {
  const union = new Map<string, { begin: number; end: number; voxel: number }>();
  for (const [name, { begin, end, voxel }] of boxes.flatMap((box) => [...box])) {
    const known = union.get(name);
    union.set(name, {
      begin: Math.min(begin, known?.begin ?? begin),
      end: Math.max(end, known?.end ?? end),
      voxel: Math.min(voxel, known?.voxel ?? voxel),
    });
  }
  return union;
}

/** The middle voxel's centre, by axis. */
export function toCenter(box: Box): ReadonlyMap<string, number> {
  return new Map(
    [...box].map(([name, { begin, end, voxel }]) => {
      const middle = Math.floor(Math.round((end - begin) / voxel) / 2);
      return [name, begin + (middle + 0.5) * voxel];
    }),
  );
}

const PLANES: Readonly<Record<string, readonly [horizontal: string, vertical: string]>> = {
  xy: ["x", "y"],
  xz: ["x", "z"],
  yz: ["z", "y"],
};

function toPlanes(layout: Layout): readonly (readonly [string, string])[] {
  const names = layout.startsWith("4panel") ? ["xy", "xz", "yz"] : [layout.slice(0, 2)];
  return names.flatMap((name) => (Object.hasOwn(PLANES, name) ? [PLANES[name] ?? ["x", "y"]] : []));
}

type Size = { readonly width: number; readonly height: number };

/** Of one cross section in a viewer so large. */
export function toPanelSize(layout: Layout, { width, height }: Size): Size {
  if (layout.startsWith("4panel")) return { width: width / 2, height: height / 2 };
  return layout.endsWith("-3d") ? { width: width / 2, height } : { width, height };
}

const MARGIN = 1.08;

/** Metres per pixel at which the box fits every cross section of the layout; panels are `width` by `height` pixels. */
export function toFittingScale(box: Box, layout: Layout, panel: Size): number | undefined {
  const extent = (name: string) => {
    const along = box.get(name);
    return along === undefined ? 0 : along.end - along.begin;
  };
  const planes = toPlanes(layout);
  const scales = (planes.length > 0 ? planes : [["x", "y"] as const]).map(([h, v]) =>
    Math.max(extent(h) / Math.max(1, panel.width), extent(v) / Math.max(1, panel.height)),
  );
  const scale = Math.max(...scales) * MARGIN;
  return scale > 0 && Number.isFinite(scale) ? scale : undefined;
}

/** Metres per height of the 3-D panel, so that the box fits from any side. */
export function toProjectionScale(box: Box): number | undefined {
  const extents = [...box].filter(([name]) => "xyz".includes(name)).map(([, { begin, end }]) => end - begin);
  const diagonal = Math.hypot(...extents);
  return diagonal > 0 && Number.isFinite(diagonal) ? diagonal * MARGIN : undefined;
}

/**
 * What the cross sections show, in the view's unit, z first: as if none were tilted. An axis that none of them shows has no length.
 */
export function toVisibleBox(
  { position, scale, layout }: Pick<View, "position" | "scale" | "layout">,
  { width, height }: { readonly width: number; readonly height: number },
): { readonly begin: readonly number[]; readonly end: readonly number[] } {
  const half = ["z", "y", "x"].map((name) => {
    const pixels = toPlanes(layout).map(([across, down]) => (across === name ? width : down === name ? height : 0));
    return (Math.max(0, ...pixels) * scale) / 2;
  });
  return {
    begin: position.map((middle, axis) => middle - (half[axis] ?? 0)),
    end: position.map((middle, axis) => middle + (half[axis] ?? 0)),
  };
}
