import { product } from "#dacapo/coordinate.ts";
import type { Engine, OnnxModel } from "./engine.ts";
import { toPlainOrder } from "./engine-layout.ts";
import type { SampleTensors } from "./own-model.ts";
import { compareVoxels } from "./parity-compare.ts";
import { type ParityVerdict, toVerdict } from "./parity-verdict.ts";
import { type AnyStep, applySteps, channelsFirst, fitSteps } from "./value-steps.ts";

export type SampleRequest = {
  /** With the model loaded. */
  readonly engine: Pick<Engine, "run">;
  readonly model: OnnxModel;
  readonly sample: SampleTensors;
  readonly preprocessing: readonly AnyStep[];
  readonly postprocessing: readonly AnyStep[];
  readonly signal?: AbortSignal;
};

/**
 * Runs the model on the tensor that came with it, and compares. Differences count in units of the expected values' size where that is
 * more than 1. Throws InferenceError as engines do, and "model" for tensors of other axes than the model's.
 */
export async function proveSample(request: SampleRequest): Promise<ParityVerdict> {
  const { engine, model, sample, preprocessing, postprocessing, signal } = request;
  const input = toPlainOrder(sample.input.data, sample.input.shape, model.input.layout);
  const [channels = 1, ...inputShape] = input.shape;
  const data = input.data.slice();
  change(data, preprocessing, channels);
  const output = await engine.run({ inputShape, lowering: "conv3d", precision: "f32" }, data, signal);
  change(output.data, postprocessing, output.shape[0] ?? 1);
  const expected = toPlainOrder(sample.output.data, sample.output.shape, model.output.layout);
  const size = expected.data.reduce((most, value) => Math.max(most, Math.abs(value)), 1);
  const isSame = product(expected.shape) === product(output.shape);
  const scaled = (values: Float32Array) => values.map((value) => value / size);
  return toVerdict({
    reference: "sample",
    comparison: compareVoxels(scaled(output.data), isSame ? scaled(expected.data) : new Float32Array()),
  });
}

function change(data: Float32Array, steps: readonly AnyStep[], channels: number): void {
  applySteps(data, fitSteps(steps, data.slice(), channels), channelsFirst(channels, data.length));
}
