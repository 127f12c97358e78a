import { describe, expect, test } from "vitest";
import { carryLook } from "./carry-look.ts";
import { planLayers } from "./plan-layers.ts";
import type { LayerRequest } from "./volume-viewer.ts";

const request = (name: string, key: string, kind: LayerRequest["kind"] = "grey") =>
  ({ name, key, kind }) as LayerRequest;

describe("a new choice of layers", () => {
  test("leaves raw and gt alone while the prediction is swapped", () => {
    const { steps, remove } = planLayers(
      [request("raw", "r"), request("prediction", "200"), request("gt", "g"), request("best", "b")],
      [request("raw", "r"), request("prediction", "400"), request("gt", "g"), request("segmentation", "s")],
    );
    expect(steps.map(({ step, request: { name } }) => `${step} ${name}`)).toEqual([
      "keep raw",
      "swap prediction",
      "keep gt",
      "add segmentation",
    ]);
    expect(remove).toEqual(["best"]);
  });

  test("the same bytes shown as something else are another layer", () => {
    expect(planLayers([request("gt", "g", "binary")], [request("gt", "g", "instances")]).steps[0]?.step).toBe("swap");
  });
});

describe("what a successor takes over", () => {
  const old = { type: "image", source: "old", shader: "mine", shaderControls: { gain: 2 }, opacity: 0.3 };

  test("shader and controls, where both begin with the same shader", () => {
    expect(carryLook(old, { type: "image", source: "new", shader: "default" }, "default", "default")).toEqual({
      type: "image",
      source: "new",
      shader: "mine",
      shaderControls: { gain: 2 },
    });
  });

  test("nothing of a shader for other channels", () => {
    const next = { type: "image", source: "new", shader: "other" };
    expect(carryLook(old, next, "default", "other")).toEqual(next);
  });

  test("selected segments and colours, never the source", () => {
    const before = { type: "segmentation", source: "old", segments: ["7"], colorSeed: 3 };
    expect(carryLook(before, { type: "segmentation", source: "new" }, undefined, undefined)).toEqual({
      type: "segmentation",
      source: "new",
      segments: ["7"],
      colorSeed: 3,
    });
  });

  test("nothing between an image and a segmentation", () => {
    const next = { type: "segmentation", source: "new" };
    expect(carryLook(old, next, "default", undefined)).toEqual(next);
  });
});
