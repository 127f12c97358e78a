import type { AxisType } from "./axis-type.ts";

// The short name, then its spellings.
const unitNames = [
  ["m", "m", "meter", "meters", "metre", "metres"],
  ["mm", "mm", "millimeter", "millimeters", "millimetre"],
  ["um", "um", "µm", "μm", "micron", "microns", "micrometer", "micrometers", "micrometre"],
  ["nm", "nm", "nanometer", "nanometers", "nanometre", "nanometres"],
  ["angstrom", "angstrom", "angstroms", "å"],
  ["pm", "pm", "picometer", "picometers", "picometre"],
  ["s", "s", "second", "seconds"],
  ["ms", "ms", "millisecond", "milliseconds"],
] as const;

const spellings: ReadonlyMap<string, string> = new Map(
  unitNames.flatMap(([unit, ...names]) => names.map((name) => [name, unit] as const)),
);

/**
 * The short name of a unit ("nm", "um", "s"). Legacy forms carry the voxel size ("4 nm"). Empty is nm, as DaCapo and its
 * viewers take it (s for time); undefined when the text is no known unit of length or time.
 */
export function toUnit(text: string, type: AxisType): string | undefined {
  const name = text.replace(/^\s*[\d.]+\s*/, "").trim();
  if (name === "") return type === "time" ? "s" : "nm";
  return spellings.get(name) ?? spellings.get(name.toLowerCase());
}
