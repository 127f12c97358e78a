/** Okabe and Ito's palette, which people with any common colour blindness can tell apart; black left out over dark volumes. */
export const QUALITATIVE = [
  "#56b4e9",
  "#e69f00",
  "#009e73",
  "#cc79a7",
  "#f0e442",
  "#0072b2",
  "#d55e00",
  "#999999",
] as const;

export function toChannelColor(index: number): string {
  return QUALITATIVE[index % QUALITATIVE.length] ?? QUALITATIVE[0];
}

/** Red is along x, green along y, blue along z: neuroglancer's own axis colours. */
const AXIS_COLORS = ["#ff0000", "#00ff00", "#0000ff"] as const;

/** "aff_1.0.0" is the neighbour at offset (1, 0, 0), last axis x; `undefined` for other channels. */
export function parseAffinityOffset(name: string): readonly number[] | undefined {
  const match = /^aff_(-?\d+(?:\.-?\d+)*)$/.exec(name);
  const offset = match?.[1]?.split(".").map(Number);
  return offset?.every(Number.isSafeInteger) ? offset : undefined;
}

/** Colour by direction: the share of x, y and z in the offset. */
export function toDirectionColor(offset: readonly number[]): string {
  const xyz = [offset.at(-1) ?? 0, offset.at(-2) ?? 0, offset.at(-3) ?? 0].map(Math.abs);
  const along = xyz.filter((d) => d > 0).length;
  const axis = xyz.findIndex((d) => d > 0);
  if (along === 1) return AXIS_COLORS[axis] ?? "#ffffff";
  const longest = Math.max(...xyz);
  if (longest === 0) return "#ffffff";
  const hex = xyz.map((d) =>
    Math.round((255 * d) / longest)
      .toString(16)
      .padStart(2, "0"),
  );
  return `#${hex.join("")}`;
}

/** For each channel, whether it is the nearest neighbour in its direction: those are shown first, long ranges on demand. */
export function areNearest(offsets: readonly (readonly number[] | undefined)[]): readonly boolean[] {
  const direction = (offset: readonly number[]) => offset.map((d) => Number(d !== 0)).join();
  const reach = (offset: readonly number[]) => offset.reduce((sum, d) => sum + Math.abs(d), 0);
  return offsets.map((offset, i) => {
    if (offset === undefined) return false;
    const rivals = offsets.filter((other) => other !== undefined && direction(other) === direction(offset));
    const least = Math.min(...rivals.map((other) => reach(other ?? [])));
    return (
      reach(offset) === least &&
      offsets.findIndex((o) => o !== undefined && direction(o) === direction(offset) && reach(o) === least) === i
    );
  });
}
