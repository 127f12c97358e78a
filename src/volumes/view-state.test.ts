import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseViewJson, toViewJson } from "./view-state.ts";

const dimensions = { x: [9e-9, "m"], y: [9e-9, "m"], z: [45e-9, "m"] };

describe("the view in a link", () => {
  test("is read in metres, by the dimensions it names", () => {
    const { view, messages } = parseViewJson({
      dimensions,
      position: [100, 10, 2],
      crossSectionScale: 0.5,
      layout: "xy",
    });
    expect(messages).toEqual([]);
    expect(view.position?.get("x")).toBeCloseTo(900e-9, 15);
    expect(view.position?.get("z")).toBeCloseTo(90e-9, 15);
    expect(view.crossSectionScale).toBeCloseTo(4.5e-9, 15);
    expect(view.layout).toBe("xy");
  });

  test("sources, servers and everything else that loads are never taken", () => {
    const { view, messages } = parseViewJson({
      dimensions,
      selectedStateServer: "https://evil.example",
      layers: [
        {
          name: "raw",
          type: "image",
          source: "http://evil.example/|zarr2:",
          shader: "void main() {}",
          linkedSegmentationGroup: "x",
        },
      ],
    });
    expect(view.layers).toEqual([{ name: "raw", look: { shader: "void main() {}" } }]);
    expect(JSON.stringify([...view.switches, view.layers])).not.toContain("evil");
    expect(messages.join(" ")).toContain("selectedStateServer");
    expect(messages.join(" ")).toContain("linkedSegmentationGroup");
  });

  test("a layer's part is checked value by value", () => {
    const { view, messages } = parseViewJson({
      layers: [{ name: "seg", opacity: 7, visible: "yes", segments: ["12", "!3", "<b>"], selectedAlpha: 0.25 }],
    });
    expect(view.layers[0]?.look).toEqual({ selectedAlpha: 0.25 });
    expect(messages).toHaveLength(3);
  });

  test("the older form with layers by name is read too", () => {
    expect(parseViewJson({ layers: { raw: { opacity: 0.5 } } }).view.layers).toEqual([
      { name: "raw", look: { opacity: 0.5 } },
    ]);
  });

  test("a position without dimensions needs the viewer's own, and waits for them", () => {
    const early = parseViewJson({ position: [1, 2, 3], crossSectionScale: 2 });
    expect(early.messages).toEqual([]);
    expect(early.view.position).toBeUndefined();
    const scales = new Map([
      ["x", 1e-9],
      ["y", 1e-9],
      ["z", 2e-9],
    ]);
    expect(parseViewJson({ position: [1, 2, 3] }, scales).view.position?.get("z")).toBeCloseTo(6e-9, 15);
  });

  test("nothing throws, and no prototype is touched", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (json) => {
        const { view, messages } = parseViewJson(json);
        expect(view.layers.length).toBeLessThanOrEqual(64);
        expect(messages.length).toBeLessThanOrEqual(20);
      }),
    );
    const hostile = JSON.parse(
      '{"layers":[{"name":"a","shaderControls":{"__proto__":{"x":1},"constructor":1},"__proto__":{"y":1}}],"__proto__":{"z":1}}',
    );
    parseViewJson(hostile);
    expect(({} as Record<string, unknown>).x ?? ({} as Record<string, unknown>).y).toBeUndefined();
  });

  const base = { name: "raw", opacity: 1, shader: "S", blend: "default" };

  test("says only what differs from what the layer began with", () => {
    const state = {
      dimensions,
      position: [1, 2, 3],
      layout: "4panel",
      gpuMemoryLimit: 5,
      layers: [{ name: "raw", source: "dacapo://v1/", shader: "S", opacity: 1 }],
    };
    expect(toViewJson(state, new Map([["raw", base]]))).toEqual({
      dimensions,
      position: [1, 2, 3],
      layout: "4panel",
      layers: [{ name: "raw", visible: true }],
    });
  });

  test("says an opacity that neuroglancer leaves out as its own default", () => {
    const state = { layers: [{ name: "raw", shader: "S" }] };
    expect(toViewJson(state, new Map([["raw", base]])).layers).toEqual([{ name: "raw", visible: true, opacity: 0.5 }]);
  });

  test("leaves out a layer that is still on its way", () => {
    expect(toViewJson({ layers: [{ name: "raw v2" }] }, new Map([["raw", base]])).layers).toEqual([]);
  });

  test("what is written is read back", () => {
    const finite = fc.double({ min: 0.001, max: 1e6, noNaN: true });
    const state = fc.record({
      position: fc.tuple(finite, finite, finite),
      crossSectionScale: finite,
      opacity: fc.constantFrom(0, 0.25, 1),
    });
    fc.assert(
      fc.property(state, ({ position, crossSectionScale, opacity }) => {
        const json = toViewJson(
          {
            dimensions,
            position,
            crossSectionScale,
            layout: "xy-3d",
            layers: [{ name: "raw", opacity, visible: false }],
          },
          new Map([["raw", { name: "raw" }]]),
        );
        const { view, messages } = parseViewJson(JSON.parse(JSON.stringify(json)));
        expect(messages).toEqual([]);
        expect((view.position?.get("x") ?? 0) / 9e-9 / position[0]).toBeCloseTo(1, 6);
        expect((view.crossSectionScale ?? 0) / 9e-9 / crossSectionScale).toBeCloseTo(1, 6);
        expect(view.layers).toEqual([{ name: "raw", look: { visible: false, opacity } }]);
      }),
    );
  });
});
