import { areNearest, parseAffinityOffset, toChannelColor, toDirectionColor } from "./channel-colors.ts";
import type { LayerKind } from "./layer-kind.ts";

/** GLSL for a neuroglancer image layer; `labels` gives each of its controls a name for people. */
export type Shader = { readonly code: string; readonly labels: ReadonlyMap<string, string> };

export type ShaderFacts = {
  readonly kind: Exclude<LayerKind, "instances">;
  /** As served to neuroglancer. */
  readonly dtype: string;
  /** `undefined`: the array has no channel axis. */
  readonly channels: readonly string[] | undefined;
  /** How many channel axes there are; all but the first are drawn at 0. */
  readonly channelRank?: number;
  /** Ground truth is drawn as an outline, so that it can lie over a filled segmentation. */
  readonly outlined: boolean;
};

const MAX_CONTROLS = 16;

type Control = { readonly id: string; readonly label: string; readonly declaration: string };

function checkbox(id: string, label: string, on: boolean): Control {
  return { id, label, declaration: `#uicontrol bool ${id} checkbox(default=${on})` };
}

function color(id: string, label: string, value: string): Control {
  return { id, label, declaration: `#uicontrol vec3 ${id} color(default="${value}")` };
}

function slider(
  id: string,
  label: string,
  [min, max, step, value]: readonly [number, number, number, number],
): Control {
  const declaration = `#uicontrol float ${id} slider(min=${min}, max=${max}, step=${step}, default=${value})`;
  return { id, label, declaration };
}

function channelSlider(count: number): Control {
  const declaration = `#uicontrol int channel slider(min=0, max=${count - 1}, step=1, default=0)`;
  return { id: "channel", label: "channel", declaration };
}

function toShader(controls: readonly Control[], body: string): Shader {
  return {
    code: `${[...controls.map((control) => control.declaration), body].join("\n")}\n`,
    labels: new Map(controls.map((control) => [control.id, control.label])),
  };
}

function others(channelRank: number): readonly string[] {
  return new Array<string>(Math.max(0, channelRank - 1)).fill("0");
}

/** How one value is read as a float: `VALUE(c)` at this voxel, `VALUE_AT(p, c)` at another of the chunk. */
function valueMacros({ channels, dtype, channelRank = 1 }: ShaderFacts): string {
  const argument = channels === undefined ? "" : ["c", ...others(channelRank)].join(", ");
  const at = channels === undefined ? "p" : `p, ${argument}`;
  const unit = dtype === "|u1" ? "toNormalized" : "toRaw";
  return [
    `#define VALUE(c) float(toRaw(getDataValue(${argument})))`,
    `#define VALUE_AT(p, c) float(toRaw(getDataValueAt(${at})))`,
    `#define UNIT(c) float(${unit}(getDataValue(${argument})))`,
    `#define SMOOTH(c) float(${unit}(getInterpolatedDataValue(${argument})))`,
  ].join("\n");
}

/**
 * True within `width` screen pixels of a face, in the plane of the screen, behind which the label is another one.
 * Neighbours in the next chunk are out of a shader's reach: a boundary that lies exactly between two chunks has no line there.
 */
const EDGE = `
bool isEdge(int c, float width) {
  if (width <= 0.0) return false;
  vec3 pixel = fwidth(vChunkPosition);
  vec3 last = uChunkDataSize - 1.0;
  vec3 at = clamp(floor(vChunkPosition), vec3(0.0), last);
  vec3 inside = vChunkPosition - at;
  float here = VALUE(c);
  for (int axis = 0; axis < 3; ++axis) {
    if (pixel[axis] < 1e-6) continue;
    for (int side = -1; side <= 1; side += 2) {
      float away = side < 0 ? inside[axis] : 1.0 - inside[axis];
      if (away > width * pixel[axis]) continue;
      vec3 beside = at;
      beside[axis] = clamp(at[axis] + float(side), 0.0, last[axis]);
      if (VALUE_AT(ivec3(beside), c) != here) return true;
    }
  }
  return false;
}`;

function buildGrey(facts: ShaderFacts): Shader {
  const contrast: Control = { id: "contrast", label: "contrast", declaration: "#uicontrol invlerp contrast" };
  const count = facts.channels?.length ?? 1;
  if (facts.channels === undefined || count === 1)
    return toShader([contrast], "void main() { emitGrayscale(contrast()); }");
  const channel = ["channel", ...others(facts.channelRank ?? 1)].join(", ");
  const body = `void main() { emitGrayscale(contrast(getDataValue(${channel}))); }`;
  return toShader([contrast, channelSlider(count)], body);
}

type Mixed = { readonly label: string; readonly color: string; readonly on: boolean };

/** Adds up channels in their colours; all at 1 come out white. */
function buildMix(facts: ShaderFacts, mixed: readonly Mixed[]): Shader {
  const shown = mixed.slice(0, MAX_CONTROLS);
  const controls = shown.flatMap(({ label, color: value, on }, i) => [
    checkbox(`show_${i}`, label, on),
    color(`color_${i}`, `${label} colour`, value),
  ]);
  const add = shown.map(
    (_, i) => `  if (show_${i}) { sum += color_${i} * clamp(UNIT(${i}), 0.0, 1.0); full += color_${i}; }`,
  );
  const body = [
    "void main() {",
    "  vec3 sum = vec3(0.0);",
    "  vec3 full = vec3(0.0);",
    ...add,
    "  emitRGB(sum / max(full, vec3(1e-6)));",
    "}",
  ];
  return toShader(controls, [valueMacros(facts), ...body].join("\n"));
}

function buildAffinities(facts: ShaderFacts): Shader {
  const names = facts.channels ?? ["affinity"];
  const offsets = names.map(parseAffinityOffset);
  const nearest = areNearest(offsets);
  return buildMix(
    facts,
    names.map((label, i) => {
      const offset = offsets[i];
      return {
        label: offset === undefined ? label : `${label} (${offset.join(", ")})`,
        color: offset === undefined ? toChannelColor(i) : toDirectionColor(offset),
        on: nearest[i] ?? false,
      };
    }),
  );
}

function buildLsds(facts: ShaderFacts): Shader {
  const first = ["#0000ff", "#00ff00", "#ff0000"];
  return buildMix(
    facts,
    (facts.channels ?? ["lsd"]).map((label, i) => ({
      label,
      color: first[i] ?? toChannelColor(i),
      on: i < first.length,
    })),
  );
}

/** Blue outside, orange inside, a line where the distance is 0; stored as bytes, 0 to 255 stand for -1 to 1. */
function buildDistances(facts: ShaderFacts): Shader {
  const names = facts.channels ?? [];
  const controls = [
    ...(names.length > 1 ? [channelSlider(names.length)] : []),
    slider("range", "full colour at", [0.05, 2, 0.05, 1]),
    slider("line", "boundary width", [0, 6, 0.5, 1.5]),
    color("inside", "inside", "#e69f00"),
    color("outside", "outside", "#0072b2"),
    color("boundary", "boundary", "#ffffff"),
  ];
  const signed = facts.dtype === "|u1" ? "SMOOTH(c) * 2.0 - 1.0" : "SMOOTH(c)";
  const body = `
float signedDistance(int c) { return ${signed}; }
void main() {
  float d = signedDistance(${names.length > 1 ? "channel" : "0"});
  float slope = fwidth(d);
  if (line > 0.0 && slope > 0.0 && abs(d) < 0.5 * line * slope) { emitRGBA(vec4(boundary, 1.0)); return; }
  float strength = clamp(abs(d) / range, 0.0, 1.0);
  emitRGBA(vec4(mix(vec3(1.0), d > 0.0 ? inside : outside, 0.25 + 0.75 * strength), 0.15 + 0.85 * strength));
}`;
  return toShader(controls, valueMacros(facts) + body);
}

/** The first class is what is left where no other is drawn: it begins hidden, so that the raw data shows through. */
function toClassControls(names: readonly string[]): readonly Control[] {
  return names.flatMap((name, i) => [
    checkbox(`show_${i}`, name, i > 0 || names.length === 1),
    color(`color_${i}`, `${name} colour`, toChannelColor(i)),
  ]);
}

function pickClass(names: readonly string[]): string {
  const cases = names.map((_, i) => `  if (label == ${i}) { shown = show_${i}; return color_${i}; }`);
  return [
    "vec3 classColor(int label, out bool shown) {",
    "  shown = false;",
    ...cases,
    "  return vec3(0.0);",
    "}",
  ].join("\n");
}

/** The winning class in its colour, paler where it hardly wins. */
function buildClasses(facts: ShaderFacts): Shader {
  const names = (facts.channels ?? ["class"]).slice(0, MAX_CONTROLS);
  const body = `
${pickClass(names)}
void main() {
  int best = 0;
  float most = VALUE(0);
  float second = -1e30;
  for (int c = 1; c < ${names.length}; ++c) {
    float value = VALUE(c);
    if (value > most) { second = most; most = value; best = c; } else if (value > second) { second = value; }
  }
  bool shown;
  vec3 color = classColor(best, shown);
  if (!shown) { emitTransparent(); return; }
  emitRGBA(vec4(color, ${names.length > 1 ? "mix(0.35, 1.0, clamp(most - second, 0.0, 1.0))" : "1.0"}));
}`;
  return toShader(toClassControls(names), `${valueMacros(facts)}${body}`);
}

function lineControls({ outlined }: ShaderFacts): readonly Control[] {
  return [
    slider("line", "outline width", [0, 6, 0.5, outlined ? 2 : 1]),
    slider("fill", "fill", [0, 1, 0.05, outlined ? 0 : 0.5]),
  ];
}

/** Everything above 0 is inside. */
function buildBinary(facts: ShaderFacts): Shader {
  const names = (facts.channels ?? ["mask"]).slice(0, MAX_CONTROLS);
  const gt = facts.outlined ? 3 : 0;
  const controls = [
    ...lineControls(facts),
    ...names.flatMap((name, i) => [
      checkbox(`show_${i}`, name, true),
      color(`color_${i}`, `${name} colour`, toChannelColor(gt + i)),
    ]),
  ];
  const layers = names.map(
    (_, i) =>
      `  if (show_${i} && VALUE(${i}) > 0.0) { drawn = vec4(color_${i}, max(drawn.a, isEdge(${i}, line) ? 1.0 : fill)); }`,
  );
  const body = ["void main() {", "  vec4 drawn = vec4(0.0);", ...layers, "  emitRGBA(drawn);", "}"].join("\n");
  return toShader(controls, [valueMacros(facts), EDGE, body].join("\n"));
}

const UNNAMED_CLASSES = 8;

/** Voxels hold class indices. */
function buildClassSegmentation(facts: ShaderFacts, classes: readonly string[] | undefined): Shader {
  const names = (classes ?? Array.from({ length: UNNAMED_CLASSES }, (_, i) => `class ${i}`)).slice(0, MAX_CONTROLS);
  const body = `
${pickClass(names)}
void main() {
  bool shown;
  vec3 color = classColor(int(VALUE(0)), shown);
  if (!shown) { emitTransparent(); return; }
  emitRGBA(vec4(color, isEdge(0, line) ? 1.0 : fill));
}`;
  const controls = [...lineControls(facts), ...toClassControls(names)];
  return toShader(controls, [valueMacros(facts), EDGE, body].join("\n"));
}

/** `classes` names the values of a class segmentation; `facts.channels` those of the channel axis. */
export function buildShader(facts: ShaderFacts, classes?: readonly string[]): Shader {
  switch (facts.kind) {
    case "grey":
      return buildGrey(facts);
    case "affinities":
      return buildAffinities(facts);
    case "lsds":
      return buildLsds(facts);
    case "distances":
      return buildDistances(facts);
    case "classes":
      return buildClasses(facts);
    case "binary":
      return buildBinary(facts);
    case "class-segmentation":
      return buildClassSegmentation(facts, classes);
  }
}
