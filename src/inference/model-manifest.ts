import type { YamlRecord, YamlValue } from "#storage/formats/yaml-value.ts";
import { isRecord } from "#storage/formats/yaml-value.ts";
import { type TensorAxes, toTensorAxes } from "./manifest-axes.ts";
import { type StepNote, toSteps } from "./manifest-steps.ts";
import { isList, recordAt, textAt, toText } from "./manifest-values.ts";
import type { AnyStep } from "./value-steps.ts";

/** What a bioimage.io package says of its model, formats 0.4 and 0.5. Paths are relative to it, or URLs. */
export type ModelManifest = {
  readonly name: string;
  readonly formatVersion: string;
  readonly input: TensorAxes;
  readonly output: TensorAxes & { readonly name: string };
  readonly preprocessing: readonly AnyStep[];
  readonly postprocessing: readonly AnyStep[];
  readonly onnx: string;
  /** A tensor that the model is given, and what it makes of it; .npy files. */
  readonly test: { readonly input: string; readonly output: string } | undefined;
  /** What of it cannot be done here; sentences. */
  readonly notes: readonly string[];
};

export type ManifestProblem = { readonly ok: false; readonly problem: string };

/** A package that cannot be run says why in one sentence. */
export function toManifest(value: YamlValue): ModelManifest | ManifestProblem {
  if (!isRecord(value)) return fail("The package's description is no mapping; check that it is a bioimage.io model.");
  const type = textAt(value, "type") ?? "model";
  const formatVersion = toText(value.format_version) ?? "";
  if (type !== "model") return fail(`The package describes a ${type.slice(0, 40)}, not a model.`);
  if (!/^0\.[45](\.|$)/.test(formatVersion))
    return fail(
      `The package has the format version "${formatVersion.slice(0, 20)}"; 0.4 and 0.5 are read. Update it with bioimageio.spec.`,
    );
  const weights = toWeights(value);
  if (typeof weights !== "string") return weights;
  const [input, output] = [onlyTensor(value, "inputs"), onlyTensor(value, "outputs")];
  if ("problem" in input) return input;
  if ("problem" in output) return output;
  return assemble(value, formatVersion, weights, input.tensor, output.tensor);
}

function fail(problem: string): ManifestProblem {
  return { ok: false, problem };
}

function assemble(
  value: YamlRecord,
  formatVersion: string,
  onnx: string,
  inputTensor: YamlRecord,
  outputTensor: YamlRecord,
): ModelManifest | ManifestProblem {
  const input = toTensorAxes(inputTensor, "input");
  const output = toTensorAxes(outputTensor, "output");
  if ("problem" in input) return input;
  if ("problem" in output) return output;
  const before = toSteps(inputTensor.preprocessing);
  const after = toSteps(outputTensor.postprocessing);
  const outputs = isList(value.outputs) ? value.outputs.length : 1;
  const others = outputs > 1 ? ["The model gives more than one image; the first is shown."] : [];
  return {
    name: textAt(value, "name") ?? "a bioimage.io model",
    formatVersion,
    input,
    output: { ...output, name: textAt(outputTensor, "id") ?? textAt(outputTensor, "name") ?? "" },
    preprocessing: before.steps,
    postprocessing: after.steps,
    onnx,
    test: toTest(value, inputTensor, outputTensor),
    notes: [
      ...others,
      ...before.left.map((left) => describeLeft(left, "before")),
      ...after.left.map((left) => describeLeft(left, "after")),
    ],
  };
}

function describeLeft({ id, why }: StepNote, when: "before" | "after"): string {
  return `The package asks for "${id}" ${when} the model, ${why}: it is left out.`;
}

/** What runs in a browser, of the kinds of weights that a package may have. */
function toWeights(value: YamlRecord): string | ManifestProblem {
  const weights = recordAt(value, "weights");
  const onnx = weights && recordAt(weights, "onnx");
  const source = onnx && toSource(onnx);
  if (onnx?.external_data !== undefined && onnx.external_data !== null)
    return fail("The package's ONNX model keeps its weights in another file; save it again as a single file.");
  if (source !== undefined) return source;
  const others = Object.keys(weights ?? {}).map((kind) => kind.slice(0, 40));
  const found = others.length === 0 ? "no weights" : `weights for ${others.join(", ")} alone`;
  return fail(
    `The package has ${found}, and only ONNX runs in a browser; add ONNX weights (bioimageio.core can convert them).`,
  );
}

/** A path, or a mapping that has one. */
function toSource(value: YamlValue | undefined): string | undefined {
  if (isRecord(value)) return textAt(value, "source");
  return toText(value);
}

function onlyTensor(value: YamlRecord, key: "inputs" | "outputs"): { readonly tensor: YamlRecord } | ManifestProblem {
  const list = isList(value[key]) ? value[key] : [];
  const needed = list.filter((tensor) => isRecord(tensor) && tensor.optional !== true);
  const [tensor] = needed;
  if (!isRecord(tensor)) return fail(`The package describes no ${key}.`);
  if (key === "inputs" && needed.length > 1)
    return fail(`The package's model takes ${needed.length} images at once; models of one image can be run.`);
  return { tensor };
}

/** In the tensors since 0.5, in lists before. */
function toTest(value: YamlRecord, input: YamlRecord, output: YamlRecord): ModelManifest["test"] {
  const first = (key: string) => (isList(value[key]) ? toSource(value[key][0]) : undefined);
  const [given, made] = [
    toSource(input.test_tensor) ?? first("test_inputs"),
    toSource(output.test_tensor) ?? first("test_outputs"),
  ];
  const isNpy = (path: string | undefined) => path !== undefined && /\.npy(\?|$)/i.test(path);
  return given !== undefined && made !== undefined && isNpy(given) && isNpy(made)
    ? { input: given, output: made }
    : undefined;
}
