import type { YamlRecord, YamlValue } from "#storage/formats/yaml-value.ts";
import { isRecord } from "#storage/formats/yaml-value.ts";
import { isList, recordAt, textAt, toNumber, toNumberList } from "./manifest-values.ts";
import type { AnyStep } from "./value-steps.ts";

/** A step of a package that is not done. */
export type StepNote = { readonly id: string; readonly why: string };

export type Steps = { readonly steps: readonly AnyStep[]; readonly left: readonly StepNote[] };

const MAX_STEPS = 32;

export function toSteps(value: YamlValue | undefined): Steps {
  const steps: AnyStep[] = [];
  const left: StepNote[] = [];
  for (const each of isList(value) ? value.slice(0, MAX_STEPS) : []) {
    if (!isRecord(each)) continue;
    const id = (textAt(each, "id") ?? textAt(each, "name") ?? "").slice(0, 60);
    const made = toStep(id, recordAt(each, "kwargs") ?? emptyRecord);
    if (made === undefined) left.push({ id, why: "which is not known here" });
    else if (made !== "nothing") steps.push(made);
  }
  return { steps, left };
}

const emptyRecord: YamlRecord = Object.freeze(Object.create(null));

/** "nothing": all values are float32 here anyway. */
function toStep(id: string, kwargs: YamlRecord): AnyStep | "nothing" | undefined {
  switch (id) {
    case "ensure_dtype":
      return "nothing";
    case "sigmoid":
      return { kind: "sigmoid" };
    case "softmax":
      return overChannels(kwargs) ? { kind: "softmax" } : undefined;
    case "clip":
      return {
        kind: "clip",
        min: toNumber(kwargs.min) ?? Number.NEGATIVE_INFINITY,
        max: toNumber(kwargs.max) ?? Number.POSITIVE_INFINITY,
      };
    case "binarize":
      return withList(kwargs.threshold, kwargs, (threshold) => ({ kind: "binarize", threshold }));
    case "scale_linear":
      return toLinear(kwargs);
    case "fixed_zero_mean_unit_variance":
      return toFixed(kwargs);
    case "zero_mean_unit_variance":
      if (textAt(kwargs, "mode") === "fixed") return toFixed(kwargs);
      return { kind: "standardise", perChannel: isPerChannel(kwargs), eps: toNumber(kwargs.eps) ?? 1e-6 };
    case "scale_range":
      return toRange(kwargs);
    default:
      return undefined;
  }
}

/** Along any other axis a list of values would have no place here. */
function overChannels({ axis }: YamlRecord): boolean {
  return axis === undefined || axis === null || axis === "channel" || axis === "c";
}

function withList(
  value: YamlValue | undefined,
  kwargs: YamlRecord,
  build: (list: readonly number[]) => AnyStep,
): AnyStep | undefined {
  const list = toNumberList(value);
  return list && (list.length === 1 || overChannels(kwargs)) ? build(list) : undefined;
}

function toLinear(kwargs: YamlRecord): AnyStep | undefined {
  const [gain, offset] = [toNumberList(kwargs.gain ?? 1), toNumberList(kwargs.offset ?? 0)];
  if (gain === undefined || offset === undefined) return undefined;
  if (gain.length + offset.length > 2 && !overChannels(kwargs) && isList(kwargs.gain)) return undefined;
  return { kind: "linear", gain, offset };
}

function toFixed(kwargs: YamlRecord): AnyStep | undefined {
  const [mean, std] = [toNumberList(kwargs.mean), toNumberList(kwargs.std)];
  if (mean === undefined || std === undefined || mean.length !== std.length) return undefined;
  if (mean.length > 1 && !overChannels(kwargs)) return undefined;
  const gain = std.map((each) => 1 / each);
  return { kind: "linear", gain, offset: mean.map((each, i) => -each * (gain[i] ?? 1)) };
}

function toRange(kwargs: YamlRecord): AnyStep | undefined {
  if (typeof kwargs.reference_tensor === "string") return undefined;
  return {
    kind: "range",
    perChannel: isPerChannel(kwargs),
    low: toNumber(kwargs.min_percentile) ?? 0,
    high: toNumber(kwargs.max_percentile) ?? 100,
    eps: toNumber(kwargs.eps) ?? 1e-6,
  };
}

/** The axes that are taken together: letters in 0.4, names since. */
function isPerChannel({ axes }: YamlRecord): boolean {
  if (typeof axes === "string") return !axes.includes("c");
  return isList(axes) && !axes.includes("channel") && !axes.includes("c");
}
