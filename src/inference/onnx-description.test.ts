import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { isAtHand, loadNetwork } from "./fixtures/run-graph.ts";
import { describeOnnx, type OnnxDescription, type OnnxPort } from "./onnx-description.ts";
import { ProtoMessage } from "./onnx-encode.ts";
import { OnnxError } from "./onnx-error.ts";
import { guessAxes, toOnnxSupport } from "./onnx-support.ts";
import { lowerings, toOnnx } from "./to-onnx.ts";

const PARITY = "../shared/parity";
const exported = isAtHand(PARITY)
  ? readdirSync(PARITY, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".onnx"))
  : [];

describe("a model that PyTorch exported", () => {
  test.each(exported)("%s: its ends, and nothing in it that cannot be run", (file) => {
    const description = describeOnnx(readFileSync(join(PARITY, file)));
    const [input, output] = [description.inputs[0], description.outputs[0]];
    expect(description.producer).toBe("pytorch");
    expect(input).toMatchObject({ name: "raw", elementType: "float32" });
    expect(output?.name).toBe("prediction");
    expect(input?.shape?.length).toBe(5);
    expect(input?.shape?.some((length) => typeof length === "string")).toBe(file.includes("_dynamic"));
    expect(description.weightBytes).toBeGreaterThan(10_000);
    expect(toOnnxSupport(description).problems).toEqual([]);
  });

  test.runIf(exported.length > 0)("with transposed convolutions names those that the GPU would fail on", () => {
    const description = describeOnnx(readFileSync(join(PARITY, "vnc_affs_transposed/model_30.onnx")));
    const transposed = description.nodes.filter(({ operator }) => operator === "ConvTranspose");
    expect(transposed.length).toBe(1);
    expect(toOnnxSupport(description).cpuNodes).toEqual(transposed.map(({ name }) => name));
  });
});

describe("a model that we write", () => {
  const network = loadNetwork("demo", "vnc_mito_distance", 1250);

  test.each(lowerings)("by %s never holds what the GPU would fail on", (lowering) => {
    const bytes = toOnnx(network, { inputShape: [8, 112, 112], lowering });
    const description = describeOnnx(bytes);
    expect(toOnnxSupport(description)).toEqual({ problems: [], cpuNodes: [], gpuProblem: undefined });
    expect(description.inputs).toEqual([{ name: "raw", elementType: "float32", shape: [1, 1, 8, 112, 112] }]);
    expect(description.outputs).toEqual([{ name: "prediction", elementType: "float32", shape: [1, 1, 8, 112, 112] }]);
    expect([...description.opsets]).toEqual([["", 17]]);
    expect(description.metadata.get("channels")).toBe('["mito"]');
    expect(bytes.length).toBeLessThan(description.weightBytes + 50_000);
  });
});

type NodeParts = {
  readonly operator: string;
  readonly domain?: string;
  readonly name?: string;
  readonly group?: number;
};

/** One node, whose second input "w" is a weight of `kernel`. */
function toModel(node: NodeParts, kernel: readonly number[] = [1, 1, 1, 1, 1], opset = 17): Uint8Array {
  const { operator, domain = "", name = "n", group = 1 } = node;
  const attribute = new ProtoMessage().text(1, "group").integer(3, group).integer(20, 2);
  const encoded = new ProtoMessage().text(1, "x").text(1, "w").text(2, "y").text(3, name).text(4, operator);
  encoded.text(7, domain).message(5, attribute);
  const weight = kernel.reduce((tensor, length) => tensor.integer(1, length), new ProtoMessage()).integer(2, 1);
  weight.text(8, "w").bytes(9, new Uint8Array(4 * kernel.reduce((count, length) => count * length, 1)));
  const [input, output] = ["x", "y"].map((port) => new ProtoMessage().text(1, port));
  const graph = new ProtoMessage().message(1, encoded).message(5, weight);
  graph.message(11, input ?? graph).message(12, output ?? graph);
  return toFile(graph, opset);
}

function toFile(graph: ProtoMessage, opset = 17): Uint8Array {
  return new ProtoMessage().message(7, graph).message(8, new ProtoMessage().text(1, "").integer(2, opset)).encode();
}

const supportOf = (...model: Parameters<typeof toModel>) => toOnnxSupport(describeOnnx(toModel(...model)));

describe("what cannot be run is told before it is tried", () => {
  test("operators that are not known, by name", () => {
    expect(supportOf({ operator: "SwiGLU" }).problems).toEqual([
      "The model needs operators that cannot be run here: SwiGLU.",
    ]);
    expect(supportOf({ operator: "Voxelize", domain: "my.lab" }).problems[0]).toContain("my.lab.Voxelize");
    expect(supportOf({ operator: "FusedConv", domain: "com.microsoft" }).problems).toEqual([]);
    expect(supportOf({ operator: "Conv", domain: "ai.onnx" }).problems).toEqual([]);
    expect(supportOf({ operator: "Conv" }, [1, 1, 3, 3], 99).problems[0]).toContain("opset 99");
  });

  test("grouped and transposed convolutions of three dimensions stay off the GPU, if they have names", () => {
    expect(supportOf({ operator: "Conv", group: 2 }).cpuNodes).toEqual(["n"]);
    expect(supportOf({ operator: "Conv", group: 2 }, [2, 1, 3, 3]).cpuNodes).toEqual([]);
    expect(supportOf({ operator: "ConvTranspose" }).cpuNodes).toEqual(["n"]);
    const nameless = supportOf({ operator: "ConvTranspose", name: "" });
    expect(nameless.cpuNodes).toEqual([]);
    expect(nameless.gpuProblem).toContain("ConvTranspose without a name");
  });

  test("several inputs, or no output", () => {
    const description = describeOnnx(toModel({ operator: "Add" }));
    const port: OnnxPort = { name: "mask", elementType: "float32", shape: undefined };
    const many: OnnxDescription = { ...description, inputs: [...description.inputs, port], outputs: [] };
    expect(toOnnxSupport(many).problems).toEqual([
      "The model has no output.",
      "The model has 2 inputs (x, mask); models of one image can be run.",
    ]);
  });
});

describe("a file that is no model", () => {
  const tagOf = (bytes: Uint8Array) => {
    try {
      describeOnnx(bytes);
      return "read";
    } catch (error) {
      return error instanceof OnnxError ? error.tag : error;
    }
  };

  test("is told from one that is cut", () => {
    const whole = toModel({ operator: "Conv" });
    expect(tagOf(whole)).toBe("read");
    expect(tagOf(whole.subarray(0, whole.length - 12))).toBe("torn");
    expect(tagOf(new Uint8Array(0))).toBe("malformed");
    expect(tagOf(new TextEncoder().encode("<!doctype html>"))).not.toBe("read");
  });

  test("weights elsewhere, or of another size than they claim, are refused", () => {
    const weight = () => new ProtoMessage().integer(1, 4).integer(2, 1).text(8, "w");
    const withWeight = (tensor: ProtoMessage) => toFile(new ProtoMessage().message(5, tensor));
    expect(tagOf(withWeight(weight().integer(14, 1)))).toBe("external");
    expect(tagOf(withWeight(weight().bytes(9, new Uint8Array(15))))).toBe("malformed");
    expect(tagOf(withWeight(weight().bytes(9, new Uint8Array(16))))).toBe("read");
  });

  test("graphs within graphs without end are refused", () => {
    let graph = new ProtoMessage();
    for (let depth = 0; depth < 30; depth++) {
      const attribute = new ProtoMessage().text(1, "body").message(6, graph);
      graph = new ProtoMessage().message(1, new ProtoMessage().text(4, "Loop").message(5, attribute));
    }
    expect(tagOf(toFile(graph))).toBe("malformed");
  });

  test("millions of parts in a small file are refused", () => {
    const graph = new ProtoMessage();
    graph.bytes(1, new Uint8Array(0));
    const nodes = new Uint8Array(600_000).map((_, index) => (index % 2 === 0 ? 0x0a : 0x00));
    const file = new Uint8Array([...new ProtoMessage().bytes(7, nodes).encode()]);
    expect(tagOf(file)).toBe("too-large");
  });
});

test("axes of an input are guessed from its shape, the likeliest first", () => {
  const guess = (...shape: readonly (number | string | undefined)[]) =>
    guessAxes({ name: "x", elementType: "float32", shape })[0];
  expect(guess(1, 1, 64, 64, 64)).toBe("bczyx");
  expect(guess("n", "z", "y", "x", 1)).toBe("bzyxc");
  expect(guess(1, 3, "h", "w")).toBe("bcyx");
  expect(guess(1, 512, 512, 3)).toBe("byxc");
  expect(guess(1, 32, 128, 128)).toBe("bzyx");
  expect(guess(64, 64, 64)).toBe("zyx");
  expect(guess(1, 64, 64)).toBe("cyx");
  expect(guess(7)).toBeUndefined();
  expect(guessAxes({ name: "x", elementType: "float32", shape: undefined })).toEqual([]);
});
