import { describe, expect, test } from "vitest";
import type { Store } from "#storage/store.ts";
import type { CoordinateSpace } from "./coordinate-space.ts";
import { type StockLayer, toStockState } from "./open-in-neuroglancer.ts";
import { toStockUrl } from "./stock-address.ts";

const space: CoordinateSpace = [
  { name: "c^", channel: true, size: 5, scale: 1, unit: "", offset: 0 },
  { name: "y", channel: false, size: 8, scale: 9e-9, unit: "m", offset: 60 },
  { name: "x", channel: false, size: 8, scale: 9e-9, unit: "m", offset: 300 },
];

function layer(more: {
  url?: string;
  kind?: Store["kind"];
  dtype?: string;
  chunks?: number[];
  fixed?: boolean;
}): StockLayer {
  const {
    url = "https://data.example/run/prediction",
    kind = "http",
    dtype = "<f4",
    chunks = [5, 8, 8],
    fixed = false,
  } = more;
  const store = { kind, urlOf: () => url } as unknown as Store;
  return {
    name: "prediction",
    title: "prediction at 800",
    array: { store, path: "", dtype, chunks, zarrFormat: 2 },
    space,
    json: { type: "image", name: "prediction", source: { url: "dacapo://v1/|zarr2:" }, shader: "S", opacity: 0.5 },
    fixed,
  };
}

describe("a state for stock neuroglancer", () => {
  test("names the array's own address and its own axes, at the same place in the world", () => {
    const { state, left } = toStockState({ position: [1, 2], layers: [{ name: "x" }] }, [layer({})]);
    expect(left).toEqual([]);
    expect(state).toEqual({
      position: [1, 2],
      layers: [
        {
          type: "image",
          name: "prediction",
          opacity: 0.5,
          shader: "S",
          source: {
            url: "https://data.example/run/prediction/|zarr2:",
            transform: {
              outputDimensions: { "c^": [1, ""], y: [9e-9, "m"], x: [9e-9, "m"] },
              inputDimensions: { d0: [1, ""], d1: [9e-9, "m"], d2: [9e-9, "m"] },
              matrix: [
                [1, 0, 0, 0],
                [0, 1, 0, 60],
                [0, 0, 1, 300],
              ],
            },
          },
        },
      ],
    });
  });

  test("channels in several chunks become an axis with a slider, without our shader", () => {
    const { state } = toStockState({}, [layer({ chunks: [3, 8, 8] })]);
    const json = JSON.stringify(state);
    expect(json).toContain('"c\'"');
    expect(json).not.toContain('"shader"');
  });

  test.each([
    [{ dtype: "|b1" }, "booleans"],
    [{ dtype: "<f8" }, "64-bit floats"],
    [{ kind: "directory" as const }, "in this browser only"],
    [{ url: "http://cluster.example/a" }, "over http://"],
    [{ fixed: true }, "growing array"],
  ])("%j is left out, and why is said", (facts, reason) => {
    const { state, left } = toStockState({}, [layer(facts)]);
    expect(state.layers).toEqual([]);
    expect(left[0]?.reason).toContain(reason);
    expect(left[0]?.reason).toContain("prediction at 800");
  });

  test("a server on this machine may be read from an https page", () => {
    expect(toStockState({}, [layer({ url: "http://127.0.0.1:8377/a" })]).left).toEqual([]);
  });

  test("is a link whose hash is the state", () => {
    const url = toStockUrl({ layout: "xy" });
    expect(JSON.parse(decodeURIComponent(new URL(url).hash.slice(2)))).toEqual({ layout: "xy" });
  });
});
