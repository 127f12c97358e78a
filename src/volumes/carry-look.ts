type Json = Readonly<Record<string, unknown>>;

const IMAGE_KEYS = ["shader", "shaderControls", "blend", "crossSectionRenderScale"];

const SEGMENTATION_KEYS = [
  "segments",
  "notSelectedAlpha",
  "objectAlpha",
  "saturation",
  "hoverHighlight",
  "hideSegmentZero",
  "ignoreNullVisibleSet",
  "colorSeed",
  "segmentColors",
  "segmentDefaultColor",
  "crossSectionRenderScale",
];

function pick(json: Json, keys: readonly string[]): Json {
  return Object.fromEntries(keys.filter((key) => json[key] !== undefined).map((key) => [key, json[key]]));
}

/**
 * What a layer's successor takes over from it. A shader means something only for the same kind of data with the same channels,
 * so it is kept where both layers start from the same one; `oldDefault` and `newDefault` are those.
 */
export function carryLook(old: Json, next: Json, oldDefault: string | undefined, newDefault: string | undefined): Json {
  if (old.type !== next.type) return next;
  if (next.type === "segmentation") return { ...next, ...pick(old, SEGMENTATION_KEYS) };
  return oldDefault === newDefault ? { ...next, ...pick(old, IMAGE_KEYS) } : next;
}
