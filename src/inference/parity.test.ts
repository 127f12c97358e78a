import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { isAtHand, loadNetwork, maxDifference, readNpy, runGraph } from "./fixtures/run-graph.ts";
import { outputShapeOf } from "./network.ts";
import { lowerings, toOnnx } from "./to-onnx.ts";

const RUNS = "../shared/runs";
const PARITY = "../shared/parity";
// The contract allows 1e-4; distances reach beyond 1, so that rounding alone stays near 1e-6.
const TOLERANCE = 1e-5;

type Case = { readonly run: string; readonly iteration: number; readonly dataset: string };

function listCases(): readonly Case[] {
  if (!isAtHand(PARITY) || !isAtHand(RUNS)) return [];
  const folders = readdirSync(PARITY, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return folders.flatMap(({ name: run }) =>
    readdirSync(join(PARITY, run)).flatMap((file) => {
      const [, iteration, dataset] = /^output_(\d+)_(.+)\.npy$/.exec(file) ?? [];
      return iteration && dataset ? [{ run, iteration: Number(iteration), dataset }] : [];
    }),
  );
}

type Parity = {
  readonly channels: readonly string[];
  readonly eval_activation: string | null;
  readonly input_shape: readonly number[];
  readonly output_shape: readonly number[];
};

describe("a checkpoint as ONNX gives what PyTorch gave", () => {
  const cases = listCases();
  test.runIf(cases.length > 0)("for all twenty-eight stored blocks", () => {
    expect(cases.length).toBe(28);
  });

  test.each(cases)("$run, $iteration, $dataset", { timeout: 120_000 }, async ({ run, iteration, dataset }) => {
    const parity = JSON.parse(readFileSync(join(PARITY, run, "parity.json"), "utf8")) as Parity;
    const network = loadNetwork(RUNS, run, iteration);
    expect(network.channels.map(({ name }) => name)).toEqual(parity.channels);
    expect(network.evalActivation).toBe(parity.eval_activation?.toLowerCase());
    const raw = readNpy(join(PARITY, run, `input_${dataset}.npy`));
    const expected = readNpy(join(PARITY, run, `output_${iteration}_${dataset}.npy`));
    const inputShape = raw.shape.slice(2);
    expect(outputShapeOf(network, inputShape)).toEqual({ ok: true, output: expected.shape.slice(2) });
    for (const lowering of lowerings) {
      const prediction = await runGraph(toOnnx(network, { inputShape, lowering }), raw);
      expect(prediction.shape).toEqual(expected.shape);
      const difference = maxDifference(prediction.data, expected.data);
      console.info(`${run} ${iteration} ${dataset}, ${lowering}: ${difference.toExponential(1)} from PyTorch`);
      expect(difference, lowering).toBeLessThan(TOLERANCE);
    }
  });
});
