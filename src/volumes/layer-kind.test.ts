import { describe, expect, test } from "vitest";
import { type LayerFacts, toLayerKind, toPlainDtype } from "./layer-kind.ts";

const kind = (facts: Partial<LayerFacts>) =>
  toLayerKind({ role: "prediction", task: "unknown", dtype: "f4", channels: 1, ...facts });

describe("what an array means", () => {
  test("raw is grey whatever the task", () => {
    expect(kind({ role: "raw", task: "AffinitiesTask", dtype: "f8" })).toBe("grey");
  });

  test("predictions follow the task", () => {
    expect(kind({ task: "AffinitiesTask", channels: 5 })).toBe("affinities");
    expect(kind({ task: "DistanceTask" })).toBe("distances");
    expect(kind({ task: "HotDistanceTask", channels: 4 })).toBe("distances");
    expect(kind({ task: "OneHotTask", channels: 4 })).toBe("classes");
    expect(kind({ task: "unknown" })).toBe("grey");
  });

  test("outputs: watershed ids, thresholded masks, argmax classes", () => {
    expect(kind({ role: "segmentation", task: "AffinitiesTask", dtype: "u8" })).toBe("instances");
    expect(kind({ role: "segmentation", task: "DistanceTask", dtype: "u1", channels: 2 })).toBe("binary");
    expect(kind({ role: "segmentation", task: "OneHotTask", dtype: "u1" })).toBe("class-segmentation");
  });

  test("the dummy output of 64-bit floats is grey", () => {
    expect(kind({ role: "segmentation", task: "DummyTask", dtype: "f8" })).toBe("grey");
  });

  test("ground truth of bool is a mask, of uint32 instances, whatever the task", () => {
    expect(kind({ role: "gt", task: "AffinitiesTask", dtype: "b1" })).toBe("binary");
    expect(kind({ role: "gt", task: "DistanceTask", dtype: "u4" })).toBe("instances");
    expect(kind({ role: "gt", task: "OneHotTask", dtype: "u1" })).toBe("class-segmentation");
    expect(kind({ role: "gt", task: "unknown", dtype: "u8" })).toBe("instances");
  });

  test("the byte order is no part of a type", () => {
    expect(toPlainDtype("|b1")).toBe("b1");
    expect(toPlainDtype("<f8")).toBe("f8");
  });
});
