import { describe, expect, test } from "vitest";
import { parseYaml } from "#storage/formats/yaml.ts";
import { type ManifestProblem, type ModelManifest, toManifest } from "./model-manifest.ts";

const read = (text: string): ModelManifest | ManifestProblem => toManifest(parseYaml(text));

function expectManifest(text: string): ModelManifest {
  const found = read(text);
  if ("problem" in found) throw new Error(found.problem);
  return found;
}

// As packages of the model zoo are written, with other names.
const v05 = `%YAML 1.2
---
format_version: 0.5.3
type: model
name: Membranes
authors: [{ name: Someone }]
inputs:
  - id: raw
    axes:
      - type: batch
        size: 1
      - type: channel
        channel_names: [intensity]
      - type: space
        id: z
        size: { min: 16, step: 8 }
        unit: micrometer
        scale: 0.04
      - { type: space, id: y, size: { min: 64, step: 16 }, unit: micrometer, scale: 0.008 }
      - { type: space, size: { min: 64, step: 16 }, unit: micrometer, scale: 0.008 }
    test_tensor: { source: test_input.npy, sha256: 00 }
    preprocessing:
      - id: ensure_dtype
        kwargs: { dtype: float32 }
      - id: zero_mean_unit_variance
        kwargs: { axes: [z, y, x], eps: 1e-6 }
outputs:
  - id: probability
    axes:
      - type: batch
      - type: channel
        channel_names: [membrane, cytoplasm]
      - { type: space, id: z, size: { tensor_id: raw, axis_id: z }, halo: 4 }
      - { type: space, id: y, size: { tensor_id: raw, axis_id: y }, halo: 16 }
      - { type: space, size: { tensor_id: raw, axis_id: x }, halo: 16 }
    test_tensor: { source: test_output.npy }
    postprocessing:
      - id: sigmoid
weights:
  onnx: { source: weights.onnx, opset_version: 17 }
  torchscript: { source: weights.pt, pytorch_version: 2.1 }
`;

const v04 = `format_version: 0.4.10
type: model
name: Nuclei
inputs:
  - name: image
    axes: byxc
    data_type: uint8
    shape: { min: [1, 32, 32, 3], step: [0, 32, 32, 0] }
    preprocessing:
      - name: scale_linear
        kwargs: { gain: [0.5, 0.25, 0.125], offset: 0.0, axes: yx }
      - name: scale_range
        kwargs: { mode: per_sample, axes: yx, min_percentile: 1, max_percentile: 99.8 }
outputs:
  - name: out
    axes: byxc
    halo: [0, 8, 8, 0]
    shape: { reference_tensor: image, scale: [1, 1, 1, 0], offset: [0, 0, 0, 0.5] }
    postprocessing:
      - { name: binarize, kwargs: { threshold: 0.5 } }
      - { name: stardist_postprocessing, kwargs: {} }
test_inputs: [test_input.npy]
test_outputs: [test_output.npy]
weights:
  onnx: { source: ./weights.onnx }
`;

describe("the description of a bioimage.io package", () => {
  test("format 0.5: axes, voxels in nm, halo, steps, test tensors", () => {
    const manifest = expectManifest(v05);
    expect(manifest).toMatchObject({
      name: "Membranes",
      input: { layout: "bczyx", channels: 1, shape: [16, 64, 64], voxelSize: [40, 8, 8] },
      output: { layout: "bczyx", name: "probability", halo: [4, 16, 16], channelNames: ["membrane", "cytoplasm"] },
      preprocessing: [{ kind: "standardise", perChannel: true, eps: 1e-6 }],
      postprocessing: [{ kind: "sigmoid" }],
      onnx: "weights.onnx",
      test: { input: "test_input.npy", output: "test_output.npy" },
      notes: [],
    });
  });

  test("format 0.4: letters, channels last, whole numbers, and a step that is left out and said", () => {
    const manifest = expectManifest(v04);
    expect(manifest).toMatchObject({
      input: { layout: "byxc", channels: 3, shape: [32, 32], voxelSize: undefined, dataType: "uint8" },
      output: { layout: "byxc", halo: [8, 8], name: "out" },
      preprocessing: [
        { kind: "linear", gain: [0.5, 0.25, 0.125], offset: [0] },
        { kind: "range", perChannel: true, low: 1, high: 99.8, eps: 1e-6 },
      ],
      postprocessing: [{ kind: "binarize", threshold: [0.5] }],
      onnx: "./weights.onnx",
      test: { input: "test_input.npy", output: "test_output.npy" },
    });
    expect(manifest.notes).toEqual([
      'The package asks for "stardist_postprocessing" after the model, which is not known here: it is left out.',
    ]);
  });

  test("fixed means are a line, and axes over the channels make one of them", () => {
    const fixed = v04.replace(
      "{ gain: [0.5, 0.25, 0.125], offset: 0.0, axes: yx }",
      "{ gain: 2, offset: 1 }\n      - { name: zero_mean_unit_variance, kwargs: { mode: fixed, mean: [4], std: [2], axes: cyx } }",
    );
    expect(expectManifest(fixed).preprocessing.slice(0, 2)).toEqual([
      { kind: "linear", gain: [2], offset: [1] },
      { kind: "linear", gain: [0.5], offset: [-2] },
    ]);
    const joint = v05.replace("axes: [z, y, x], ", "");
    expect(expectManifest(joint).preprocessing).toMatchObject([{ perChannel: false }]);
  });

  test.each([
    ["no ONNX weights", v05.replace(/ {2}onnx:.*\n/, ""), /weights for torchscript alone.*bioimageio.core/],
    ["an older format", v05.replace("0.5.3", "0.3.6"), /"0.3.6"; 0.4 and 0.5 are read/],
    ["a data set", v05.replace("type: model", "type: dataset"), /describes a dataset/],
    ["a time axis", v05.replace("id: z", "id: t"), /axis "t"/],
    ["two images", v04.replace("outputs:", "  - { name: second, axes: byx }\noutputs:"), /takes 2 images/],
    ["weights in other files", v05.replace("opset_version: 17", "external_data: { source: w.data }"), /single file/],
    ["a list", "[1, 2]\n", /no mapping/],
  ])("with %s is refused in a sentence", (_, text, sentence) => {
    const found = read(text);
    expect("problem" in found && found.problem).toMatch(sentence);
  });
});
