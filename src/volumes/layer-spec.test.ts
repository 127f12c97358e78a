import { describe, expect, test } from "vitest";
import { toLayerSpec } from "./layer-spec.ts";
import type { VolumeSource } from "./volume-source.ts";
import type { LayerRequest } from "./volume-viewer.ts";

const axis = (name: string, size: number) => ({
  name,
  size,
  channel: name.endsWith("^"),
  scale: 1e-9,
  unit: "m" as const,
  offset: 0,
});

const source = {
  url: "dacapo://v1/|zarr2:",
  space: [axis("c^", 3), axis("z", 4), axis("y", 4), axis("x", 4)],
  plan: { served: { dtype: "<f4" } },
} as unknown as VolumeSource;

const request = (name: string, kind: LayerRequest["kind"], more: Partial<LayerRequest> = {}) =>
  ({ name, kind, title: name, key: name, visible: true, ...more }) as LayerRequest;

describe("a layer for neuroglancer", () => {
  test("channels without a name are numbered", () => {
    const { shader } = toLayerSpec(request("prediction", "affinities", { channels: ["aff_1.0.0"] }), source);
    const switches = [...(shader?.controls.values() ?? [])].filter(({ id }) => id.startsWith("show_"));
    expect(switches.map(({ label }) => label)).toEqual(["aff_1.0.0 (1, 0, 0)", "channel 1", "channel 2"]);
  });

  test("gt and segmentation instances are told apart: outline against fill, and by seed", () => {
    const gt = toLayerSpec(request("gt", "instances"), source);
    const segmentation = toLayerSpec(request("segmentation", "instances"), source);
    expect(gt.outlineWidth).toBeGreaterThan(0);
    expect(segmentation.outlineWidth).toBe(0);
    expect(gt.json.colorSeed).not.toBe(segmentation.json.colorSeed);
    expect(toLayerSpec(request("gt", "instances"), source)).toEqual(gt);
  });

  test("raw lies beneath and opaque", () => {
    expect(toLayerSpec(request("raw", "grey"), source).json).toMatchObject({
      type: "image",
      opacity: 1,
      visible: true,
    });
  });

  test("bounding boxes are not drawn", () => {
    const { json } = toLayerSpec(request("gt", "binary"), source);
    expect(json.source).toMatchObject({ enableDefaultSubsources: false, subsources: { default: true } });
  });
});
