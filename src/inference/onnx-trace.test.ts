import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { isAtHand, loadNetwork } from "./fixtures/run-graph.ts";
import { outputShapeOf } from "./network.ts";
import { describeOnnx } from "./onnx-description.ts";
import { readGraphNodes } from "./onnx-nodes.ts";
import { type OnnxTrace, traceOnnx } from "./onnx-trace.ts";
import { toOnnx } from "./to-onnx.ts";

const PARITY = "../shared/parity";
const exported = isAtHand(PARITY)
  ? readdirSync(PARITY, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".onnx"))
  : [];

function trace(bytes: Uint8Array, shape: readonly number[]): OnnxTrace {
  const input = { name: "raw", shape };
  const spatial = shape.map((_, axis) => (axis < 2 ? undefined : axis - 2));
  const found = traceOnnx({ graph: readGraphNodes(bytes), input, spatial, outputName: "prediction" });
  if (!found.ok) throw new Error(`The shapes end at ${found.operator}.`);
  return found;
}

const fieldsOf = ({ output }: OnnxTrace) => output.axes.slice(2).map(({ field }) => field);

describe("the shapes of a model that PyTorch exported", () => {
  test.each(exported.filter((file) => !file.includes("_dynamic")))("%s: as the file says", (file) => {
    const bytes = readFileSync(join(PARITY, file));
    const [input, output] = [describeOnnx(bytes).inputs[0], describeOnnx(bytes).outputs[0]];
    const found = trace(bytes, (input?.shape ?? []).map(Number));
    expect(found.output.shape).toEqual(output?.shape);
    expect(found.notes.issues).toBe(0);
    expect(found.output.axes.slice(2).map(({ from, scale }) => [from, scale])).toEqual([
      [0, 1],
      [1, 1],
      [2, 1],
    ]);
  });

  test.each(exported.filter((file) => file.includes("_dynamic")))("%s: of every size as the run's own", (file) => {
    const bytes = readFileSync(join(PARITY, file));
    const fixed = trace(
      readFileSync(join(PARITY, file.replace("_dynamic", ""))),
      describeOnnx(readFileSync(join(PARITY, file.replace("_dynamic", "")))).inputs[0]?.shape?.map(Number) ?? [],
    );
    const shape = describeOnnx(readFileSync(join(PARITY, file.replace("_dynamic", "")))).inputs[0]?.shape?.map(Number);
    const found = trace(bytes, shape ?? []);
    expect(found.output.shape).toEqual(fixed.output.shape);
    expect(found.step).toEqual(fixed.step);
    const longer = (shape ?? []).map((length, axis) => (axis < 2 ? length : length + (found.step[axis - 2] ?? 0)));
    const grown = trace(bytes, longer);
    expect(grown.notes.issues).toBe(0);
    expect(grown.output.shape.slice(2)).toEqual(
      found.output.shape.slice(2).map((length, axis) => length + (found.step[axis] ?? 0)),
    );
  });
});

describe("the shapes of a run's network, written as ONNX", () => {
  test.each([
    ["demo", "vnc_affs", 1000],
    ["demo", "vnc_mito_distance", 1250],
    ["e2e/fixtures/runs", "vnc_rawgt_distance", 60],
  ])("%s/%s at %d", (base, run, iteration) => {
    const network = loadNetwork(base, run, iteration);
    const inputShape = network.shapes.evalInputShape;
    const shape = outputShapeOf(network, inputShape);
    const found = trace(toOnnx(network, { inputShape }), [1, network.inputChannels, ...inputShape]);
    expect(found.output.shape).toEqual([1, network.channels.length, ...(shape.ok ? shape.output : [])]);
    expect(found.step).toEqual(network.outputStep);
    expect(fieldsOf(found)).toEqual(network.receptiveField);
    expect(found.notes.global).toBe(false);
    expect(found.cost.peakBytes).toBeGreaterThan(found.cost.widestBytes);
  });
});
