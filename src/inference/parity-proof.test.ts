import { afterAll, describe, expect, it } from "vitest";
import { summarise } from "./block-check.ts";
import { calibrate, recallOrCalibrate } from "./calibrate.ts";
import { toNetworkDemo } from "./fixtures/demo-runner.ts";
import { createNodeEngine } from "./fixtures/node-engine.ts";
import { InferenceError } from "./inference-error.ts";
import { compareVoxels } from "./parity-compare.ts";
import { proveParity } from "./parity-proof.ts";
import { toVerdict, worstVerdict } from "./parity-verdict.ts";
import type { Lowering } from "./to-onnx.ts";

const engine = createNodeEngine();
afterAll(() => engine.dispose());

/** The same engine, whose every value is off by so much. */
const offBy = (difference: number) => ({
  run: async (...args: Parameters<typeof engine.run>) => {
    const result = await engine.run(...args);
    return { ...result, data: result.data.map((value) => value + difference) };
  },
});

describe("proof of parity", () => {
  it.each([
    ["demo", "vnc_affs", 1000, "vnc_crop_b"],
    ["demo", "vnc_mito_distance", 500, "vnc_crop_a"],
  ] as const)(
    "%s %s at %i, %s: the device agrees with the processor and with what is stored",
    { timeout: 60_000 },
    async (base, run, iteration, dataset) => {
      const { runner, stored } = await toNetworkDemo(engine, base, run, iteration, dataset);
      const proof = await proveParity({ runner, processor: engine, stored });
      expect(proof.verdicts.map(({ reference, level }) => [reference, level])).toEqual([
        ["processor", "ok"],
        ["stored", "ok"],
      ]);
      expect(proof.verdict?.comparison.maxDifference).toBeLessThan(1e-4);
      expect(proof.verdict?.comparison.count).toBeGreaterThan(0);
    },
  );

  it("warns of a device that is off by 0.002, and refuses one that is off by 0.02", { timeout: 60_000 }, async () => {
    const { runner, stored } = await toNetworkDemo(engine, "demo", "vnc_mito_distance", 500, "vnc_crop_b");
    const warned = await proveParity({ runner: { ...runner, engine: offBy(0.002) }, processor: engine, stored });
    expect(warned.verdict).toMatchObject({ level: "warn", sentence: expect.stringContaining("with care") });
    const refused = await proveParity({ runner: { ...runner, engine: offBy(0.02) }, processor: engine });
    expect(refused.verdict).toMatchObject({ level: "refuse", reference: "processor" });
  });

  it("does not blame the device for DaCapo's batch norm", { timeout: 60_000 }, async () => {
    const { runner, stored } = await toNetworkDemo(
      engine,
      "e2e/fixtures/runs",
      "vnc_mito_distance_head",
      60,
      "vnc_crop_a",
    );
    const proof = await proveParity({ runner, processor: engine, stored, batchNorm: true });
    const [processor, kept] = proof.verdicts;
    expect(processor?.level).toBe("ok");
    expect(kept?.comparison.maxDifference).toBeGreaterThan(0.1);
    expect(kept).toMatchObject({ level: "ok", excused: true, sentence: expect.stringContaining("batch norm") });
    expect(proof.verdict).toBe(processor);
  });
});

describe("verdicts", () => {
  it("take a value that is no number on one side alone for a difference, on both for none", () => {
    expect(compareVoxels([1, Number.NaN], [1, Number.NaN]).maxDifference).toBe(0);
    expect(compareVoxels([1, Number.NaN], [1, 2])).toMatchObject({ maxDifference: Number.POSITIVE_INFINITY, index: 1 });
    expect(toVerdict({ reference: "stored", comparison: compareVoxels([1], [1, 2]) })).toMatchObject({
      level: "refuse",
      sentence: expect.stringContaining("different sizes"),
    });
  });

  it("the worst one counts", () => {
    const verdict = (difference: number) =>
      toVerdict({ reference: "processor", comparison: compareVoxels([0], [difference]) });
    expect(worstVerdict([verdict(1e-6), verdict(0.5), verdict(2e-3)])).toMatchObject({ level: "refuse" });
    expect(worstVerdict([])).toBeUndefined();
  });
});

const seen = { input: summarise(new Float32Array()), output: summarise(new Float32Array()) };

describe("calibration", () => {
  const variant = { inputShape: [2, 2, 2], precision: "f32" as const };
  const toEngine = (times: Record<Lowering, number | "refused" | "wrong">) => ({
    facts: engine.facts,
    run: async ({ lowering }: { lowering: Lowering }) => {
      const time = times[lowering];
      if (time === "refused") throw new InferenceError("model", "not implemented");
      return {
        data: Float32Array.of(time === "wrong" ? 2 : 1),
        shape: [1],
        milliseconds: typeof time === "number" ? time : 1,
        seen,
      };
    },
  });

  it("takes the fastest lowering that the device runs, and never one with other values", async () => {
    const fastest = await calibrate(
      toEngine({ conv3d: 10, "folded-2d": 5, "folded-2d-sum": "wrong", winograd: 7 }),
      variant,
      1,
    );
    expect(fastest.lowering).toBe("folded-2d");
    const only = await calibrate(
      toEngine({ conv3d: "refused", "folded-2d": "refused", "folded-2d-sum": 9, winograd: "refused" }),
      variant,
      1,
    );
    expect(only.lowering).toBe("folded-2d-sum");
    const none = calibrate(
      toEngine({ conv3d: "refused", "folded-2d": "refused", "folded-2d-sum": "refused", winograd: "refused" }),
      variant,
      1,
    );
    await expect(none).rejects.toMatchObject({ tag: "model" });
  });

  it("is remembered for the device and the architecture, and a memory that fails is none", async () => {
    const kept = new Map<string, string>();
    const memory = {
      get: async (key: string) => kept.get(key),
      set: async (key: string, value: string) => void kept.set(key, value),
    };
    const measure = () =>
      calibrate(toEngine({ conv3d: 10, "folded-2d": 5, "folded-2d-sum": 7, winograd: 8 }), variant, 1);
    const first = await recallOrCalibrate(memory, "webgpu/apple", "unet", measure);
    const again = await recallOrCalibrate(memory, "webgpu/apple", "unet", () =>
      Promise.reject(new Error("measured twice")),
    );
    expect([first.remembered, again.remembered, again.lowering]).toEqual([false, true, "folded-2d"]);
    const broken = { get: () => Promise.reject(new Error("denied")), set: () => Promise.reject(new Error("denied")) };
    expect((await recallOrCalibrate(broken, "webgpu/apple", "unet", measure)).lowering).toBe("folded-2d");
  });
});
