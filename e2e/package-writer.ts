import { runGraph } from "#inference/fixtures/run-graph.ts";
import type { Network } from "#inference/network.ts";
import { toOnnx } from "#inference/to-onnx.ts";

/** A bioimage.io package of a network: it takes whole numbers, and comes with a tensor and what the network makes of it. */
export async function toPackage(network: Network): Promise<Readonly<Record<string, Uint8Array>>> {
  const { evalInputShape } = network.shapes;
  const onnx = toOnnx(network, { inputShape: evalInputShape });
  const shape = [1, network.inputChannels, ...evalInputShape];
  const count = shape.reduce((a, b) => a * b, 1);
  const raw = Float32Array.from({ length: count }, (_, i) => Math.round(127 + 120 * Math.sin(i * 0.37 + i / 911)));
  const made = await runGraph(onnx, { shape, data: raw.map((value) => value / 255) });
  return {
    "rdf.yaml": new TextEncoder().encode(
      describe(
        evalInputShape,
        network.channels.map(({ name }) => name),
      ),
    ),
    "weights.onnx": onnx,
    "test_input.npy": toNpy(shape, raw),
    "test_output.npy": toNpy(made.shape, made.data),
  };
}

function describe(shape: readonly number[], channels: readonly string[]): string {
  const names = ["z", "y", "x"];
  const space = shape.map((size, i) => `      - { type: space, id: ${names[i]}, size: ${size} }`).join("\n");
  return `format_version: 0.5.3
type: model
name: Neurites
inputs:
  - id: raw
    axes:
      - { type: batch, size: 1 }
      - { type: channel, channel_names: [intensity] }
${space}
    data: { type: uint8 }
    test_tensor: { source: test_input.npy }
    preprocessing:
      - { id: ensure_dtype, kwargs: { dtype: float32 } }
      - { id: scale_linear, kwargs: { gain: ${1 / 255}, offset: 0.0 } }
outputs:
  - id: affinities
    axes:
      - { type: batch }
      - { type: channel, channel_names: ${JSON.stringify(channels.map((_, i) => `affinity_${i}`))} }
${names.map((name) => `      - { type: space, id: ${name}, size: { tensor_id: raw, axis_id: ${name} } }`).join("\n")}
    test_tensor: { source: test_output.npy }
weights:
  onnx: { source: weights.onnx, opset_version: 17 }
`;
}

/** Version 1, float32 in C order. */
function toNpy(shape: readonly number[], data: Float32Array): Uint8Array {
  const dictionary = `{'descr': '<f4', 'fortran_order': False, 'shape': (${shape.join(", ")}), }`;
  const header = `${dictionary.padEnd(117)}\n`;
  const head = Buffer.alloc(10);
  head.write("\x93NUMPY\x01\x00", "latin1");
  head.writeUInt16LE(header.length, 8);
  return Buffer.concat([
    head,
    Buffer.from(header, "latin1"),
    new Uint8Array(data.buffer, data.byteOffset, data.byteLength),
  ]);
}
