import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { enumerateKind, enumerateParameters } from "./enumerate-parameters.ts";
import {
  parseParametersString,
  thresholdParameters,
  toParametersString,
  toShortLabel,
  watershedParameters,
} from "./post-processor-parameters.ts";
import { parsePythonNumber, toPythonFloat } from "./python-number.ts";
import type { releases } from "./release.ts";
import { toTaskConfig } from "./task.ts";

describe("parameters as DaCapo names their folders", () => {
  test.each([
    "threshold_127",
    "threshold_127.0",
    "threshold_-0.25",
    "WatershedPostProcessorParameters(id=2, bias=0.5, context=(32, 32, 32))",
    "WatershedPostProcessorParameters(id=1, bias=0.5)",
    "WatershedPostProcessorParameters(id=0, bias=0.1, context=(32,))",
    "ArgmaxPostProcessorParameters(id=1)",
    "DummyPostProcessorParameters(id=0, min_size=1)",
    "ThresholdPostProcessorParameters(id=0, threshold=100)",
    "ThresholdPostProcessorParameters(id=1)",
  ])("%s reads back as itself", (text) => {
    const parameters = parseParametersString(text);
    expect(parameters.kind).not.toBe("unknown");
    expect(toParametersString(parameters)).toBe(text);
  });

  test("an int and a float threshold are different folders", () => {
    expect(toParametersString(thresholdParameters(0, "127"))).toBe("threshold_127");
    expect(toParametersString(thresholdParameters(0, 127))).toBe("threshold_127.0");
    expect(toParametersString(watershedParameters(3, 0.75))).toBe(
      "WatershedPostProcessorParameters(id=3, bias=0.75, context=(32, 32, 32))",
    );
  });

  test.each([
    "threshold_",
    "threshold_high",
    "WatershedPostProcessorParameters(id=2)",
    "ArgmaxPostProcessorParameters(id=1, depth=2)",
    "__proto__",
    "",
    "output",
  ])("%j is kept as text that nothing is known about", (text) => {
    expect(parseParametersString(text)).toEqual({ kind: "unknown", text });
  });

  test("any text comes back as it was", () => {
    const piece = fc.constantFrom(
      "threshold_",
      "WatershedPostProcessorParameters(",
      "id=1",
      ", ",
      "bias=",
      "0.5",
      "context=(",
      "1e-05",
      ")",
      "127",
      "nan",
    );
    const text = fc.oneof(
      fc.string(),
      fc.array(piece).map((pieces) => pieces.join("")),
    );
    fc.assert(fc.property(text, (each) => toParametersString(parseParametersString(each)) === each));
  });

  test("have short labels for legends", () => {
    const label = (text: string) => toShortLabel(parseParametersString(text));
    expect(label("threshold_127")).toBe("threshold 127");
    expect(label("WatershedPostProcessorParameters(id=2, bias=0.5, context=(32, 32, 32))")).toBe("bias 0.5");
    expect(label("ArgmaxPostProcessorParameters(id=1)")).toBe("argmax");
    expect(label("DummyPostProcessorParameters(id=0, min_size=1)")).toBe("min size 1");
    expect(label("ThresholdPostProcessorParameters(id=1)")).toBe("above 0");
  });
});

describe("the enumeration of parameters", () => {
  const strings = (kind: "threshold" | "watershed", release: (typeof releases)[number]) =>
    enumerateKind(kind, release).map(toParametersString);

  test("has one threshold now and three in releases 0.2.1 to 0.3.0", () => {
    expect(strings("threshold", "current")).toEqual(["threshold_127"]);
    expect(strings("threshold", "0.3.2-0.3.5")).toEqual(["threshold_127"]);
    expect(strings("threshold", "0.2.1-0.3.0")).toEqual(
      [100, 127, 150].map((t, id) => `ThresholdPostProcessorParameters(id=${id}, threshold=${t})`),
    );
    expect(strings("threshold", "0.2.0")).toEqual(["ThresholdPostProcessorParameters(id=1)"]);
  });

  test("has five biases now and three without a context in release 0.2.0", () => {
    const biases = [0.1, 0.25, 0.5, 0.75, 0.9];
    expect(strings("watershed", "current")).toEqual(
      biases.map((bias, id) => `WatershedPostProcessorParameters(id=${id}, bias=${bias}, context=(32, 32, 32))`),
    );
    expect(strings("watershed", "0.2.0")).toEqual(
      [0.1, 0.5, 0.9].map((bias, id) => `WatershedPostProcessorParameters(id=${id}, bias=${bias})`),
    );
  });

  test("argmax has the id 1, dummy sizes 1 to 10, and an unknown task nothing", () => {
    expect(enumerateKind("argmax", "current").map(toParametersString)).toEqual(["ArgmaxPostProcessorParameters(id=1)"]);
    expect(enumerateKind("dummy", "current").map(toParametersString).at(-1)).toBe(
      "DummyPostProcessorParameters(id=9, min_size=10)",
    );
    expect(enumerateParameters(toTaskConfig({ __type__: "FutureTaskConfig" }).config)).toEqual([]);
  });
});

describe("numbers as Python prints them", () => {
  test.each([
    [0.1, "0.1"],
    [127, "127.0"],
    [-0, "-0.0"],
    [1e-5, "1e-05"],
    [0.0001, "0.0001"],
    [1.5e-7, "1.5e-07"],
    [1e16, "1e+16"],
    [1e15, "1000000000000000.0"],
    [123456.789, "123456.789"],
    [Number.POSITIVE_INFINITY, "inf"],
    [Number.NaN, "nan"],
  ])("%d is %s", (value, text) => {
    expect(toPythonFloat(value)).toBe(text);
  });

  test("read back as the same number", () => {
    fc.assert(fc.property(fc.double(), (value) => Object.is(parsePythonNumber(toPythonFloat(value)), value)));
  });
});
