import type { ChannelKind } from "#dacapo/task-outputs.ts";
import {
  areNearest,
  parseAffinityOffset,
  toChannelColor,
  toDirectionColor,
  toDirectionName,
  toMaskColor,
} from "./channel-colors.ts";
import type { LayerKind } from "./layer-kind.ts";
import {
  channelChoice,
  checkbox,
  color,
  contrast,
  type Shader,
  type ShaderControl,
  slider,
  toShader,
} from "./shader-controls.ts";
import { EDGE, mainWith, type ValueFacts, valueMacros } from "./shader-glsl.ts";

export type ShaderFacts = ValueFacts & {
  readonly kind: Exclude<LayerKind, "instances">;
  /** What the channels hold, where it is known. */
  readonly channelKinds?: readonly ChannelKind[];
  /** Ground truth is drawn as an outline, so that it can lie over a filled segmentation. */
  readonly outlined: boolean;
  /** By how much the values of an array may differ. */
  readonly span?: number;
};

/** Channels, classes or masks that have controls of their own; each is a few uniforms of the shader. */
const MAX_CHANNELS = 32;

function buildGrey(facts: ShaderFacts): Shader {
  const { channels } = facts;
  const many = channels !== undefined && channels.length > 1;
  const main = mainWith(facts, [`  emitGrayscale(contrast(DATA(${many ? "channel" : "0"})));`], many ? "channel" : "0");
  return toShader([...(many ? [channelChoice(channels)] : []), contrast], [valueMacros(facts), ...main]);
}

type Mixed = {
  readonly label: string;
  readonly text: string;
  readonly color: string;
  readonly on: boolean;
  /** Colour stands for a low value. */
  readonly low: boolean;
};

function toMixed(label: string, kind: ChannelKind, index: number, nearest: boolean): Mixed {
  const offset = kind === "lsd" ? undefined : parseAffinityOffset(label);
  const low = kind !== "lsd";
  if (offset === undefined) return { label, text: label, color: toChannelColor(index), on: nearest, low };
  const text = toDirectionName(offset);
  return { label: `${label} (${offset.join(", ")})`, text, color: toDirectionColor(offset), on: nearest, low };
}

const STRENGTHS = `
vec3 tint = vec3(0.0);
vec3 full = vec3(0.0);
float most = 0.0;
float least = 1.0;
void add(vec3 color, float value) {
  float strength = clamp(value, 0.0, 1.0);
  tint += color * strength;
  full += color;
  most = max(most, strength);
  least = min(least, strength);
}`;

/** What all directions have in common has a colour of its own: their sum would be a grey, as the raw data is. */
const EMIT_STRENGTHS = [
  "  if (most <= 0.0) { emitTransparent(); return; }",
  "  vec3 mixed = tint + least * (all - full);",
  "  emitRGBA(vec4(mixed / max(max(max(mixed.r, mixed.g), mixed.b), 1e-6), most));",
];

/**
 * Where an affinity is low, a boundary runs across its direction: it is drawn in the direction's colour, as strong as it is low.
 * What belongs together stays clear, so that the raw data can be read under a good prediction.
 */
function buildAffinities(facts: ShaderFacts): Shader {
  const names = (facts.channels ?? ["affinity"]).slice(0, MAX_CHANNELS);
  const nearest = areNearest(names.map(parseAffinityOffset));
  const only = names.length === 1;
  const mixed = names.map((name, i) =>
    toMixed(name, facts.channelKinds?.[i] ?? "affinity", i, only || (nearest[i] ?? false)),
  );
  const value = (i: number) =>
    facts.channelKinds?.[i] === "logit" ? `(1.0 / (1.0 + exp(-VALUE(${i}))))` : `UNIT(${i})`;
  const add = mixed.map(
    ({ low }, i) => `  if (show_${i}) add(color_${i}, ${low ? `joined ? ${value(i)} : 1.0 - ${value(i)}` : value(i)});`,
  );
  const controls = [
    ...mixed.flatMap(({ label, color: value, on }, i) => [
      checkbox(`show_${i}`, label, on),
      color(`color_${i}`, `${label} colour`, value),
    ]),
    color("all", "all directions", "#ffd23f"),
    checkbox("joined", "colour what is joined, not boundaries", false),
  ];
  const main = mainWith(facts, [...add, ...EMIT_STRENGTHS]);
  return toShader(controls, [valueMacros(facts), STRENGTHS, ...main], {
    intro: (read) => (read("joined") === true ? "joined along" : "boundary along"),
    entries: mixed.map(({ text }, i) => ({ text, color: `color_${i}`, shown: `show_${i}` })),
    mixed: { text: "all", color: "all" },
  });
}

/** Stored as bytes, 0 to 255 stand for -1 to 1; a logit becomes what its probability is on that scale. */
function toSigned({ dtype, channelKinds }: ShaderFacts): string {
  const value = dtype === "|u1" ? "SMOOTH(c) * 2.0 - 1.0" : "SMOOTH(c)";
  const logits = channelKinds?.filter((kind) => kind === "logit").length ?? 0;
  return logits > 0 ? `c < ${logits} ? tanh(0.5 * SMOOTH(c)) : ${value}` : value;
}

/** An inner distance is 0 everywhere outside: its boundary is drawn where it has risen a little. */
const INNER_BOUNDARY = 0.1;

/** One colour outside, paler, for there is most of it; one inside; a line at the boundary. The raw data shows where neither is sure. */
function buildDistances(facts: ShaderFacts): Shader {
  const names = facts.channels ?? [];
  const many = names.length > 1;
  const inner = facts.channelKinds?.[0] === "inner-distance";
  const controls = [
    ...(many ? [channelChoice(names)] : []),
    slider("level", "boundary at", [-1, 1, 0.05, inner ? INNER_BOUNDARY : 0]),
    slider("line", "boundary width", [0, 6, 0.5, 1.5]),
    slider("range", "full colour at", [0.05, 2, 0.05, 1]),
    color("inside", "inside", "#e69f00"),
    color("outside", "outside", "#9180dc"),
    color("boundary", "boundary", "#ffffff"),
  ];
  const c = many ? "channel" : "0";
  const distance = `\nfloat signedDistance(int c) { return ${toSigned(facts)}; }`;
  const main = [
    `  float d = signedDistance(${c}) - level;`,
    "  float slope = fwidth(d);",
    "  if (line > 0.0 && slope > 0.0 && abs(d) < 0.5 * line * slope) { emitRGBA(vec4(boundary, 1.0)); return; }",
    "  emitRGBA(vec4(d > 0.0 ? inside : outside, (d > 0.0 ? 0.8 : 0.4) * sqrt(clamp(abs(d) / range, 0.0, 1.0))));",
  ];
  return toShader(controls, [valueMacros(facts), distance, ...mainWith(facts, main, c)], {
    intro: (read) => (many ? (names[Number(read("channel"))] ?? "") : ""),
    entries: [
      { text: "inside", color: "inside" },
      { text: "outside", color: "outside" },
      { text: "boundary", color: "boundary" },
    ],
  });
}

/** The first class is what is left where no other is drawn: it begins hidden, so that the raw data shows through. */
function toClassControls(names: readonly string[]): readonly ShaderControl[] {
  return names.flatMap((name, i) => [
    checkbox(`show_${i}`, name, i > 0 || names.length === 1),
    color(`color_${i}`, `${name} colour`, toChannelColor(i)),
  ]);
}

function toChannelKey(names: readonly string[]) {
  return { entries: names.map((text, i) => ({ text, color: `color_${i}`, shown: `show_${i}` })) };
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
  const names = (facts.channels ?? ["class"]).slice(0, MAX_CHANNELS);
  const main = [
    "  int best = 0;",
    "  float most = VALUE(0);",
    "  float second = -1e30;",
    `  for (int c = 1; c < ${names.length}; ++c) {`,
    "    float value = VALUE(c);",
    "    if (value > most) { second = most; most = value; best = c; } else if (value > second) { second = value; }",
    "  }",
    "  bool shown;",
    "  vec3 color = classColor(best, shown);",
    "  if (!shown) { emitTransparent(); return; }",
    `  emitRGBA(vec4(color, ${names.length > 1 ? "mix(0.35, 1.0, clamp(most - second, 0.0, 1.0))" : "1.0"}));`,
  ];
  return toShader(
    toClassControls(names),
    [valueMacros(facts), pickClass(names), ...mainWith(facts, main)],
    toChannelKey(names),
  );
}

function lineControls({ outlined }: ShaderFacts): readonly ShaderControl[] {
  return [
    slider("line", "outline width", [0, 6, 0.5, outlined ? 2 : 1.5]),
    slider("fill", "fill", [0, 1, 0.05, outlined ? 0 : 0.15]),
  ];
}

/** Everything above 0 is inside. */
function buildBinary(facts: ShaderFacts): Shader {
  const names = (facts.channels ?? ["mask"]).slice(0, MAX_CHANNELS);
  const of = facts.outlined ? "gt" : "other";
  const controls = [
    ...names.flatMap((name, i) => [
      checkbox(`show_${i}`, name, true),
      color(`color_${i}`, `${name} colour`, toMaskColor(i, of)),
    ]),
    ...lineControls(facts),
  ];
  const layers = names.map(
    (_, i) =>
      `  if (show_${i} && VALUE(${i}) > 0.0) { drawn = vec4(color_${i}, max(drawn.a, isEdge(${i}, line) ? 1.0 : fill)); }`,
  );
  const main = mainWith(facts, ["  vec4 drawn = vec4(0.0);", ...layers, "  emitRGBA(drawn);"]);
  return toShader(controls, [valueMacros(facts), EDGE, ...main], toChannelKey(names));
}

const UNNAMED_CLASSES = 8;

/** Voxels hold class indices. */
function buildClassSegmentation(facts: ShaderFacts, classes: readonly string[] | undefined): Shader {
  const names = (classes ?? Array.from({ length: UNNAMED_CLASSES }, (_, i) => `class ${i}`)).slice(0, MAX_CHANNELS);
  const main = [
    "  bool shown;",
    "  vec3 color = classColor(int(VALUE(0)), shown);",
    "  if (!shown) { emitTransparent(); return; }",
    "  emitRGBA(vec4(color, isEdge(0, line) ? 1.0 : fill));",
  ];
  return toShader(
    [...toClassControls(names), ...lineControls(facts)],
    [valueMacros(facts), EDGE, pickClass(names), ...mainWith(facts, main)],
    toChannelKey(names),
  );
}

/** Voxels hold codes: 0 where all is well, else the place of what is wrong in this list. */
const OBJECT_ERRORS = [
  ["false split", "#56b4e9"],
  ["false merge", "#d55e00"],
  ["missed", "#cc79a7"],
  ["spurious", "#f0e442"],
] as const;

function buildObjectErrors(facts: ShaderFacts): Shader {
  const controls = OBJECT_ERRORS.flatMap(([name, value], i) => [
    checkbox(`show_${i}`, name, true),
    color(`color_${i}`, `${name} colour`, value),
  ]);
  const cases = OBJECT_ERRORS.map(
    (_, i) => `  if (code == ${i + 1} && show_${i}) { emitRGBA(vec4(color_${i}, 1.0)); return; }`,
  );
  const main = ["  int code = int(VALUE(0));", ...cases, "  emitTransparent();"];
  return toShader(
    controls,
    [valueMacros(facts), ...mainWith(facts, main)],
    toChannelKey(OBJECT_ERRORS.map(([name]) => name)),
  );
}

/** Voxels hold the distance from the true boundary, in the data's own unit: above 0 what should not be there, below what is missing. */
function buildMaskErrors(facts: ShaderFacts): Shader {
  const names = facts.channels ?? [];
  const many = names.length > 1;
  const c = many ? "channel" : "0";
  const controls = [
    ...(many ? [channelChoice(names)] : []),
    color("positive", "false positive", "#d55e00"),
    color("negative", "false negative", "#2b83f6"),
    slider("range", "full colour at distance", [1, 500, 1, 60]),
    slider("nearest", "hidden up to distance", [0, 200, 1, 0]),
  ];
  const main = [
    `  float d = VALUE(${c});`,
    "  if (d == 0.0 || abs(d) < nearest) { emitTransparent(); return; }",
    "  emitRGBA(vec4(d > 0.0 ? positive : negative, mix(0.35, 1.0, clamp(abs(d) / range, 0.0, 1.0))));",
  ];
  return toShader(controls, [valueMacros(facts), ...mainWith(facts, main, c)], {
    intro: (read) => (many ? (names[Number(read("channel"))] ?? "") : ""),
    entries: [
      { text: "false positive", color: "positive" },
      { text: "false negative", color: "negative" },
    ],
  });
}

/** Blue and orange: those of no class, and apart for all eyes. */
const FIRST_COLOR = "#e69f00";
const SECOND_COLOR = "#56b4e9";

const LARGEST = `
float largest(int channel, int count) {
  float found = 0.0;
  for (int c = 0; c < count; ++c) {
    float value = VALUE(c);
    if ((channel == 0 || channel == c + 1) && abs(value) > abs(found)) found = value;
  }
  return found;
}`;

/** Clear where both are equal, as strong as they differ; colours tell which is higher. */
function buildDifference(facts: ShaderFacts): Shader {
  const { channels = ["difference"], span = 1 } = facts;
  const names = channels.slice(0, MAX_CHANNELS);
  const many = names.length > 1;
  const controls = [
    ...(many ? [channelChoice(["largest of all", ...names])] : []),
    slider("range", "full colour at", [0.01 * span, span, 0.01 * span, 0.5 * span]),
    color("higher", "B higher", SECOND_COLOR),
    color("lower", "A higher", FIRST_COLOR),
  ];
  const main = [
    `  float d = ${many ? `largest(channel, ${names.length})` : "VALUE(0)"};`,
    "  emitRGBA(vec4(d > 0.0 ? higher : lower, clamp(abs(d) / range, 0.0, 1.0)));",
  ];
  const body = [
    valueMacros(facts),
    ...(many ? [LARGEST] : []),
    ...mainWith(facts, main, many ? "max(channel - 1, 0)" : "0"),
  ];
  return toShader(controls, body, {
    intro: (read) => `full colour at ±${Number(Number(read("range")).toPrecision(3))},`,
    entries: [
      { text: "B higher", color: "higher" },
      { text: "A higher", color: "lower" },
    ],
  });
}

const VERDICTS = [
  { text: "same", color: "#009e73" },
  { text: "only A", color: FIRST_COLOR },
  { text: "only B", color: SECOND_COLOR },
  { text: "both, but different", color: "#cc79a7" },
] as const;

function buildAgreement(facts: ShaderFacts): Shader {
  const names = (facts.channels ?? []).slice(0, MAX_CHANNELS);
  const many = names.length > 1;
  const controls = [
    ...(many ? [channelChoice(names)] : []),
    ...VERDICTS.flatMap(({ text, color: value }, i) => [
      checkbox(`show_${i}`, text, true),
      color(`color_${i}`, `${text} colour`, value),
    ]),
    slider("agreed", "strength of what is the same", [0, 1, 0.05, 0.35]),
  ];
  const c = many ? "channel" : "0";
  const cases = VERDICTS.map(
    (_, i) => `  if (verdict == ${i + 1} && show_${i}) drawn = vec4(color_${i}, ${i === 0 ? "agreed" : "1.0"});`,
  );
  const main = [`  int verdict = int(VALUE(${c}));`, "  vec4 drawn = vec4(0.0);", ...cases, "  emitRGBA(drawn);"];
  return toShader(
    controls,
    [valueMacros(facts), ...mainWith(facts, main, c)],
    toChannelKey(VERDICTS.map(({ text }) => text)),
  );
}

/** `classes` names the values of a class segmentation; `facts.channels` those of the channel axis. */
export function buildShader(facts: ShaderFacts, classes?: readonly string[]): Shader {
  switch (facts.kind) {
    case "grey":
      return buildGrey(facts);
    case "affinities":
      return buildAffinities(facts);
    case "distances":
      return buildDistances(facts);
    case "classes":
      return buildClasses(facts);
    case "binary":
      return buildBinary(facts);
    case "class-segmentation":
      return buildClassSegmentation(facts, classes);
    case "object-errors":
      return buildObjectErrors(facts);
    case "mask-errors":
      return buildMaskErrors(facts);
    case "difference":
      return buildDifference(facts);
    case "agreement":
      return buildAgreement(facts);
  }
}
