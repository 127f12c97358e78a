import { layouts, type ViewJson } from "./volume-viewer.ts";

type Json = Readonly<Record<string, unknown>>;

export type ParsedLayer = { readonly name: string; readonly look: Json };

/** The trusted part of a neuroglancer state: numbers, names and shader text, nothing that loads anything. */
export type ParsedView = {
  /** Metres (seconds for t) by axis name. */
  readonly position?: ReadonlyMap<string, number>;
  /** Metres per screen pixel. */
  readonly crossSectionScale?: number;
  /** Metres per height of the 3-D panel. */
  readonly projectionScale?: number;
  readonly crossSectionOrientation?: readonly number[];
  readonly projectionOrientation?: readonly number[];
  /** neuroglancer's layout, one group of panels: a name, or a name with switches. */
  readonly layout?: string | Json;
  readonly switches: ReadonlyMap<string, boolean>;
  readonly layers: readonly ParsedLayer[];
};

const MAX_TEXT = 20_000;
const MAX_LAYERS = 64;
const MAX_SEGMENTS = 1_000_000;

const SWITCHES = ["showAxisLines", "showScaleBar", "showSlices"] as const;

type Check = (value: unknown) => unknown;

function isRecord(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

const boolean: Check = (value) => (typeof value === "boolean" ? value : undefined);
const fraction: Check = (value) => (typeof value === "number" && value >= 0 && value <= 1 ? value : undefined);
const text: Check = (value) => (typeof value === "string" && value.length <= MAX_TEXT ? value : undefined);
const count: Check = (value) =>
  typeof value === "number" && Number.isSafeInteger(value) && value >= 0 ? value : undefined;
const blend: Check = (value) => (value === "default" || value === "additive" ? value : undefined);

/** neuroglancer writes ids as strings, hidden ones with "!". */
const segments: Check = (value) => {
  if (!Array.isArray(value) || value.length > MAX_SEGMENTS) return undefined;
  const ids = value.map(String);
  return ids.every((id) => /^!?\d{1,20}$/.test(id)) ? ids : undefined;
};

function isControlValue(value: unknown, depth: number): boolean {
  if (typeof value === "number") return Number.isFinite(value);
  if (typeof value === "string") return value.length <= 64;
  if (typeof value === "boolean") return true;
  if (depth === 0) return false;
  if (Array.isArray(value)) return value.length <= 64 && value.every((item) => isControlValue(item, depth - 1));
  return (
    isRecord(value) && Object.entries(value).every(([key, item]) => isName(key) && isControlValue(item, depth - 1))
  );
}

function isName(key: string): boolean {
  return /^[a-zA-Z][a-zA-Z0-9_]{0,63}$/.test(key) && !(key in Object.prototype);
}

const shaderControls: Check = (value) => (isRecord(value) && isControlValue(value, 4) ? value : undefined);

const LAYER_KEYS: ReadonlyMap<string, Check> = new Map([
  ["visible", boolean],
  ["opacity", fraction],
  ["blend", blend],
  ["shader", text],
  ["shaderControls", shaderControls],
  ["segments", segments],
  ["selectedAlpha", fraction],
  ["notSelectedAlpha", fraction],
  ["saturation", fraction],
  ["colorSeed", count],
]);

/** Part of every neuroglancer state, and meant for what we decide ourselves: left out without a word. */
const QUIET_LAYER_KEYS = new Set(["name", "type", "source", "tab", "transform"]);

const QUIET_KEYS = new Set(["dimensions", "displayDimensions", "relativeDisplayScales", "selectedLayer", "title"]);

function parseLayer(json: unknown, messages: string[]): ParsedLayer | undefined {
  if (!isRecord(json) || typeof json.name !== "string" || json.name.length > 200) {
    messages.push("A layer of the link has no name and was ignored.");
    return undefined;
  }
  const look: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(json)) {
    const check = LAYER_KEYS.get(key);
    const checked = check?.(value);
    if (checked !== undefined) look[key] = checked;
    else if (!QUIET_LAYER_KEYS.has(key))
      messages.push(`"${clip(key)}" of layer "${clip(json.name)}" in the link was ignored.`);
  }
  return { name: json.name, look };
}

function clip(name: string): string {
  return name.length > 40 ? `${name.slice(0, 40)}…` : name;
}

type Scales = ReadonlyMap<string, number>;

/** neuroglancer's `dimensions`: `{x: [9e-9, "m"]}`, in the order that `position` follows. */
function parseDimensions(json: unknown): Scales | undefined {
  if (!isRecord(json)) return undefined;
  const entries = Object.entries(json).map(([name, value]): [string, number] | undefined => {
    if (!Array.isArray(value) || typeof value[0] !== "number" || !(value[0] > 0) || !Number.isFinite(value[0]))
      return undefined;
    return /^[a-z]\w{0,15}$/.test(name) ? [name, value[0]] : undefined;
  });
  return entries.length > 0 && entries.length <= 8 && entries.every((entry) => entry !== undefined)
    ? new Map(entries)
    : undefined;
}

function parseNumbers(json: unknown, length?: number): readonly number[] | undefined {
  if (!Array.isArray(json) || json.length > 8 || (length !== undefined && json.length !== length)) return undefined;
  return json.every((value) => typeof value === "number" && Number.isFinite(value)) ? json : undefined;
}

function parsePositive(json: unknown): number | undefined {
  return typeof json === "number" && Number.isFinite(json) && json > 0 ? json : undefined;
}

const LAYOUT_NAMES: ReadonlySet<string> = new Set(layouts);

function parseLayout(json: unknown): string | Json | undefined {
  if (typeof json === "string") return LAYOUT_NAMES.has(json) ? json : undefined;
  if (!isRecord(json) || typeof json.type !== "string" || !LAYOUT_NAMES.has(json.type)) return undefined;
  const orthographic = boolean(json.orthographicProjection);
  return { type: json.type, ...(orthographic === undefined ? {} : { orthographicProjection: orthographic }) };
}

/** Scales of the display axes: neuroglancer counts zoom in the finest of them. */
function toCanonicalVoxel(scales: Scales): number {
  const shown = ["x", "y", "z"].flatMap((name) => scales.get(name) ?? []);
  return Math.min(...(shown.length > 0 ? shown : scales.values()));
}

type Known = { -readonly [K in keyof ParsedView]: ParsedView[K] };

/** Never throws: what is unknown or malformed is named in a sentence, and the rest is used. */
export function parseViewJson(
  json: unknown,
  current?: Scales,
): { readonly view: ParsedView; readonly messages: string[] } {
  const messages: string[] = [];
  if (!isRecord(json))
    return { view: { switches: new Map(), layers: [] }, messages: ["The view in the link is not readable."] };
  const scales = parseDimensions(json.dimensions) ?? current;
  const view: Known = { switches: new Map(), layers: [] };
  /** `isLater`: it can be told only when there are axes. */
  const take = <K extends keyof ParsedView>(
    key: string,
    name: K,
    value: ParsedView[K] | undefined,
    isLater = false,
  ): void => {
    if (!Object.hasOwn(json, key) || json[key] === undefined || isLater) return;
    if (value === undefined) messages.push(`"${key}" in the link was not understood and was ignored.`);
    else view[name] = value;
  };
  const position = parseNumbers(json.position);
  const names = scales && [...scales];
  take(
    "position",
    "position",
    position && names && position.length >= names.length
      ? new Map(names.map(([name, scale], i) => [name, (position[i] ?? 0) * scale]))
      : undefined,
    position !== undefined && names === undefined,
  );
  const canonical = scales && toCanonicalVoxel(scales);
  const toMetres = (value: number | undefined) =>
    value === undefined || canonical === undefined ? undefined : value * canonical;
  const takeScale = (key: "crossSectionScale" | "projectionScale") => {
    const scale = parsePositive(json[key]);
    take(key, key, toMetres(scale), scale !== undefined && canonical === undefined);
  };
  takeScale("crossSectionScale");
  takeScale("projectionScale");
  take("crossSectionOrientation", "crossSectionOrientation", parseNumbers(json.crossSectionOrientation, 4));
  take("projectionOrientation", "projectionOrientation", parseNumbers(json.projectionOrientation, 4));
  take("layout", "layout", parseLayout(json.layout));
  view.switches = parseSwitches(json);
  view.layers = parseLayers(json.layers, messages);
  const known = new Set<string>([
    ...SWITCHES,
    ...QUIET_KEYS,
    "position",
    "crossSectionScale",
    "projectionScale",
    "crossSectionOrientation",
    "projectionOrientation",
    "layout",
    "layers",
  ]);
  for (const key of Object.keys(json)) if (!known.has(key)) messages.push(`"${clip(key)}" in the link was ignored.`);
  return { view, messages: messages.slice(0, 20) };
}

function parseSwitches(json: Json): ReadonlyMap<string, boolean> {
  return new Map(SWITCHES.flatMap((key) => (typeof json[key] === "boolean" ? [[key, json[key]] as const] : [])));
}

function parseLayers(json: unknown, messages: string[]): readonly ParsedLayer[] {
  if (json === undefined) return [];
  const list = Array.isArray(json)
    ? json
    : isRecord(json)
      ? Object.entries(json).map(([name, layer]) => ({ ...(isRecord(layer) ? layer : {}), name }))
      : undefined;
  if (list === undefined) {
    messages.push('"layers" in the link was not understood and was ignored.');
    return [];
  }
  return list.slice(0, MAX_LAYERS).flatMap((layer) => parseLayer(layer, messages) ?? []);
}

const VIEW_KEYS = [
  "dimensions",
  "position",
  "crossSectionScale",
  "crossSectionOrientation",
  "projectionScale",
  "projectionOrientation",
  "layout",
  ...SWITCHES,
];

/** Nine digits place a voxel within a nanometre of a metre; neuroglancer keeps float32. */
function shorten(value: unknown): unknown {
  if (typeof value === "number") return Number(value.toPrecision(9));
  if (Array.isArray(value)) return value.map(shorten);
  if (isRecord(value)) return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, shorten(part)]));
  return value;
}

/** `defaults` is the JSON each layer was made from: what still equals it is left out. */
export function toViewJson(state: Json, defaults: ReadonlyMap<string, Json>): ViewJson {
  const view = Object.fromEntries(
    VIEW_KEYS.flatMap((key) => (state[key] === undefined ? [] : [[key, shorten(state[key])]])),
  );
  const layers = (Array.isArray(state.layers) ? state.layers : []).flatMap((layer) => {
    if (!isRecord(layer) || typeof layer.name !== "string") return [];
    const base = defaults.get(layer.name);
    return base === undefined ? [] : [toLayerJson(layer, base)];
  });
  return { ...view, layers };
}

/** What neuroglancer leaves out of a layer's JSON because it would choose it by itself. */
const UNSAID: Json = {
  opacity: 0.5,
  selectedAlpha: 0.5,
  notSelectedAlpha: 0,
  saturation: 1,
  colorSeed: 0,
  blend: "default",
};

function isEmpty(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0;
}

function toLayerJson(layer: Json, base: Json): Json {
  const look: Record<string, unknown> = { name: layer.name, visible: layer.visible !== false };
  for (const key of LAYER_KEYS.keys()) {
    const value = layer[key] ?? (base[key] === undefined ? undefined : UNSAID[key]);
    if (key === "visible" || value === undefined || isEmpty(value)) continue;
    if (JSON.stringify(value) !== JSON.stringify(base[key])) look[key] = shorten(value);
  }
  return look;
}
