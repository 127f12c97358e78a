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

/** No colour twice: a mask lies over the ground truth of the same objects, and both over what was predicted. */
const MASKS = { gt: ["#cc79a7", "#f0e442", "#d55e00", "#ffffff"], other: ["#56b4e9", "#2fc79a", "#0072b2", "#b8c2c9"] };

export function toMaskColor(index: number, of: keyof typeof MASKS): string {
  return MASKS[of][index % MASKS[of].length] ?? "#ffffff";
}

export function toChannelColor(index: number): string {
  return QUALITATIVE[index % QUALITATIVE.length] ?? QUALITATIVE[0];
}

type Rgb = readonly [red: number, green: number, blue: number];

/** Near neuroglancer's own axis colours, and told apart whatever colours a person sees. */
const AXES = [
  { name: "x", color: [255, 100, 60] },
  { name: "y", color: [90, 255, 160] },
  { name: "z", color: [130, 120, 255] },
] as const satisfies readonly { name: string; color: Rgb }[];

/** "aff_1.0.0" is the neighbour at offset (1, 0, 0), last axis x; `undefined` for other channels. */
export function parseAffinityOffset(name: string): readonly number[] | undefined {
  const match = /^aff_(-?\d+(?:\.-?\d+)*)$/.exec(name);
  const offset = match?.[1]?.split(".").map(Number);
  return offset?.every(Number.isSafeInteger) ? offset : undefined;
}

function alongAxes(offset: readonly number[]) {
  return AXES.map((axis, i) => ({ ...axis, reach: Math.abs(offset.at(-1 - i) ?? 0) })).filter(({ reach }) => reach > 0);
}

/** The axes' colours by their share in the offset, as bright as can be; white where it points nowhere. */
export function toDirectionColor(offset: readonly number[]): string {
  const along = alongAxes(offset);
  const mixed = [0, 1, 2].map((i) => along.reduce((sum, { color, reach }) => sum + reach * (color[i] ?? 0), 0));
  const most = Math.max(...mixed);
  const bytes = mixed.map((value) => (most === 0 ? 255 : Math.round((255 * value) / most)));
  return `#${bytes.map((byte) => byte.toString(16).padStart(2, "0")).join("")}`;
}

/** "z" for the neighbour along z, "y 5" for the fifth along y, "zy" for a diagonal. */
export function toDirectionName(offset: readonly number[]): string {
  const along = alongAxes(offset);
  if (along.length === 0) return "itself";
  const reach = Math.max(...along.map((axis) => axis.reach));
  const names = along.map(({ name }) => name).reverse();
  return reach === 1 ? names.join("") : `${names.join("")} ${reach}`;
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
