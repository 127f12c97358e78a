import type { Coordinate } from "./coordinate.ts";
import { parsePythonNumber, toPythonFloat } from "./python-number.ts";

export type ThresholdParameters = {
  readonly kind: "threshold";
  readonly id: number;
  /** NaN in release 0.2.0, which had no threshold and kept what is above 0. */
  readonly threshold: number;
  /** As Python prints it: an int 127 is "127", a float is "127.0". */
  readonly thresholdText: string;
  /** `named`: `threshold_127`; `dataclass`: releases up to 0.3.0; `bare`: release 0.2.0. */
  readonly form: "named" | "dataclass" | "bare";
};
export type WatershedParameters = {
  readonly kind: "watershed";
  readonly id: number;
  readonly bias: number;
  readonly biasText: string;
  /** Voxels; absent in release 0.2.0. */
  readonly context: Coordinate | undefined;
};
export type ArgmaxParameters = { readonly kind: "argmax"; readonly id: number };
export type DummyParameters = { readonly kind: "dummy"; readonly id: number; readonly minSize: number };
export type UnknownParameters = { readonly kind: "unknown"; readonly text: string };

export type PostProcessorParameters =
  | ThresholdParameters
  | WatershedParameters
  | ArgmaxParameters
  | DummyParameters
  | UnknownParameters;

/** `threshold` is a number (printed as a Python float) or the text Python printed. */
export function thresholdParameters(
  id: number,
  threshold: number | string,
  form: ThresholdParameters["form"] = "named",
): ThresholdParameters {
  const thresholdText = typeof threshold === "string" ? threshold : toPythonFloat(threshold);
  return { kind: "threshold", id, threshold: parsePythonNumber(thresholdText) ?? Number.NaN, thresholdText, form };
}

export function watershedParameters(
  id: number,
  bias: number | string,
  context: Coordinate | undefined = [32, 32, 32],
): WatershedParameters {
  const biasText = typeof bias === "string" ? bias : toPythonFloat(bias);
  return { kind: "watershed", id, bias: parsePythonNumber(biasText) ?? Number.NaN, biasText, context };
}

/** The string that Python's `str` gives, which is also the folder name of the output. */
export function toParametersString(parameters: PostProcessorParameters): string {
  switch (parameters.kind) {
    case "threshold":
      return toThresholdString(parameters);
    case "watershed":
      return toWatershedString(parameters);
    case "argmax":
      return `ArgmaxPostProcessorParameters(id=${parameters.id})`;
    case "dummy":
      return `DummyPostProcessorParameters(id=${parameters.id}, min_size=${parameters.minSize})`;
    case "unknown":
      return parameters.text;
  }
}

function toThresholdString({ form, id, thresholdText }: ThresholdParameters): string {
  if (form === "named") return `threshold_${thresholdText}`;
  const threshold = form === "bare" ? "" : `, threshold=${thresholdText}`;
  return `ThresholdPostProcessorParameters(id=${id}${threshold})`;
}

function toWatershedString({ id, biasText, context }: WatershedParameters): string {
  const tail = context ? `, context=${toPythonTuple(context)}` : "";
  return `WatershedPostProcessorParameters(id=${id}, bias=${biasText}${tail})`;
}

function toPythonTuple(values: Coordinate): string {
  return values.length === 1 ? `(${values[0]},)` : `(${values.join(", ")})`;
}

/** Reads a folder name back. `id` is used where the text has none (`threshold_127`). Never fails: see `unknown`. */
export function parseParametersString(text: string, id = 0): PostProcessorParameters {
  const named = /^threshold_(.+)$/.exec(text)?.[1];
  if (named !== undefined && parsePythonNumber(named) !== undefined) return thresholdParameters(id, named);
  return parseDataclass(text) ?? { kind: "unknown", text };
}

// The parsed value must print as the very same text, else the folder would not be found again.
function parseDataclass(text: string): PostProcessorParameters | undefined {
  const call = /^(\w+)PostProcessorParameters\((.*)\)$/.exec(text);
  const fields = parseFields(call?.[2] ?? "");
  const id = parsePythonNumber(fields.get("id") ?? "");
  if (id === undefined) return undefined;
  const parsed = buildDataclass(call?.[1] ?? "", id, fields);
  return parsed && toParametersString(parsed) === text ? parsed : undefined;
}

function buildDataclass(
  name: string,
  id: number,
  fields: ReadonlyMap<string, string>,
): PostProcessorParameters | undefined {
  const bias = fields.get("bias");
  const threshold = fields.get("threshold");
  const minSize = parsePythonNumber(fields.get("min_size") ?? "");
  if (name === "Argmax") return { kind: "argmax", id };
  if (name === "Threshold")
    return thresholdParameters(id, threshold ?? "", threshold === undefined ? "bare" : "dataclass");
  if (name === "Dummy" && minSize !== undefined) return { kind: "dummy", id, minSize };
  if (name !== "Watershed" || bias === undefined || parsePythonNumber(bias) === undefined) return undefined;
  const context = fields.get("context");
  return { ...watershedParameters(id, bias), context: context === undefined ? undefined : parseTuple(context) };
}

function parseFields(text: string): ReadonlyMap<string, string> {
  const pairs = text.matchAll(/(\w+)=(\([^()]*\)|[^,()]+)/g);
  return new Map(Array.from(pairs, ([, key = "", value = ""]) => [key, value.trim()]));
}

function parseTuple(text: string): Coordinate {
  const items = text.replace(/[()]/g, "").split(",");
  return items.filter((item) => item.trim() !== "").map((item) => parsePythonNumber(item) ?? Number.NaN);
}

/** For a chart's legend: "bias 0.5", "threshold 127". */
export function toShortLabel(parameters: PostProcessorParameters): string {
  switch (parameters.kind) {
    case "threshold":
      return parameters.form === "bare" ? "above 0" : `threshold ${parameters.thresholdText}`;
    case "watershed":
      return `bias ${parameters.biasText}`;
    case "argmax":
      return "argmax";
    case "dummy":
      return `min size ${parameters.minSize}`;
    case "unknown":
      return parameters.text;
  }
}

/** DaCapo's `parameter_names`: the same for every class, since the fields of subclasses are not listed. */
export const parameterNames: readonly string[] = ["id"];
