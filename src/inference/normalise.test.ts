import { describe, expect, it } from "vitest";
import { toDatasetConfig } from "#dacapo/dataset-config.ts";
import { openArray } from "#storage/open-array.ts";
import { readInput } from "./block-input.ts";
import { openFolder, toFormulaArray } from "./fixtures/node-store.ts";
import { NOT_NORMALISED, normalisationOfDataset, normalisationOfDtype, normalise } from "./normalise.ts";

const dataset = (raw: unknown) =>
  toDatasetConfig({ __type__: "RawGTDatasetConfig", name: "a", raw_config: raw, gt_config: ZARR }).config;
const ZARR = { __type__: "ZarrArrayConfig", name: "raw", file_name: "a.zarr", dataset: "raw" };
const intensities = (min: number, max: number, source: unknown) => ({
  __type__: "IntensitiesArrayConfig",
  name: "scaled",
  source_array_config: source,
  min,
  max,
});

describe("normalisation", () => {
  it("of a simple dataset divides by the type's largest value", () => {
    const simple = toDatasetConfig({ __type__: "SimpleDataset", name: "a", path: "a" }).config;
    expect(normalisationOfDataset(simple, "|u1")).toMatchObject({ ok: true, normalisation: { min: 0, max: 255 } });
    expect(normalisationOfDataset(simple, "<u2")).toMatchObject({ ok: true, normalisation: { min: 0, max: 65535 } });
    expect(normalisationOfDataset(simple, "<f4")).toMatchObject({ ok: true, normalisation: NOT_NORMALISED });
    expect(normalisationOfDtype("<i4")).toMatchObject({ ok: false, problem: expect.stringContaining("<i4") });
  });

  it("follows the intensities of the run's config, one inside the other too", () => {
    expect(normalisationOfDataset(dataset(intensities(10, 110, ZARR)), "|u1")).toMatchObject({
      normalisation: { min: 10, max: 110 },
    });
    const nested = intensities(0.5, 1, intensities(0, 200, ZARR));
    expect(normalisationOfDataset(dataset(nested), "|u1")).toMatchObject({ normalisation: { min: 100, max: 200 } });
    expect(normalisationOfDataset(dataset(ZARR), "<f4")).toMatchObject({ normalisation: NOT_NORMALISED });
  });

  it("asks where the config cannot be repeated or makes no sense", () => {
    const sum = { __type__: "SumArrayConfig", name: "s", source_array_configs: [ZARR] };
    expect(normalisationOfDataset(dataset(sum), "|u1")).toMatchObject({
      ok: false,
      problem: expect.stringContaining("SumArrayConfig"),
    });
    expect(normalisationOfDataset(dataset(intensities(5, 5, ZARR)), "|u1")).toMatchObject({ ok: false });
  });

  it("divides in float32 exactly as NumPy does", () => {
    const values = normalise(
      Uint8Array.from({ length: 256 }, (_, i) => i),
      { min: 0, max: 255 },
    );
    // numpy.arange(256, dtype=float32) / 255 at 1, 77, 254
    expect([values[1], values[77], values[254]]).toEqual([
      0.003921568859368563, 0.3019607961177826, 0.9960784316062927,
    ]);
  });
});

describe("the input of a block", () => {
  const at = { voxelSize: [1, 1], offset: [0, 0] };
  const array = toFormulaArray([3, 4], at, ([y = 0, x = 0]) => 10 * y + x + 1);
  const source = { array, normalisation: NOT_NORMALISED, channels: 1 };

  it("is zero outside the raw, as in DaCapo", async () => {
    const input = await readInput({ ...source, edges: "zero" }, [-1, 2], [3, 4]);
    expect(Array.from(input)).toEqual([0, 0, 0, 0, 3, 4, 0, 0, 13, 14, 0, 0]);
    expect(Array.from(await readInput({ ...source, edges: "zero" }, [7, 7], [1, 2]))).toEqual([0, 0]);
  });

  it("is zero there even where zero is not the darkest value", async () => {
    const input = await readInput({ ...source, edges: "zero", normalisation: { min: 1, max: 3 } }, [0, -1], [1, 3]);
    expect(Array.from(input)).toEqual([0, 0, 0.5]);
  });

  it("is the raw turned round at its edge on request, to and fro where that is too short", async () => {
    const input = await readInput({ ...source, edges: "reflect" }, [0, -2], [1, 9]);
    expect(Array.from(input)).toEqual([3, 2, 1, 2, 3, 4, 3, 2, 1]);
  });

  it("takes channels from wherever their axis is", async () => {
    const { array: plain } = source;
    const channelsLast = {
      ...plain,
      shape: [2, 2, 2],
      metadata: { ...plain.metadata, types: ["space", "space", "channel"] as const, spatialAxes: [0, 1] },
      read: async () => ({ dtype: "|u1", shape: [2, 2, 2], data: Uint8Array.of(1, 10, 2, 20, 3, 30, 4, 40) }),
    };
    const input = await readInput({ ...source, array: channelsLast, edges: "zero", channels: 2 }, [0, 0], [2, 2]);
    expect(Array.from(input)).toEqual([1, 2, 3, 4, 10, 20, 30, 40]);
  });

  it("is refused where the raw has other channels than the network", async () => {
    await expect(readInput({ ...source, edges: "zero", channels: 3 }, [0, 0], [1, 1])).rejects.toMatchObject({
      tag: "raw",
    });
    await expect(readInput({ ...source, edges: "zero" }, [0, 0, 0], [1, 1, 1])).rejects.toMatchObject({ tag: "raw" });
  });

  it("reads only what it needs", async () => {
    const raw = await openArray(openFolder("demo/vnc_affs"), "validation.zarr/inputs/vnc_crop_a/raw");
    if (!raw) throw new Error("the demo is incomplete");
    const boxes: unknown[] = [];
    const spied = {
      ...raw,
      read(...box: Parameters<typeof raw.read>) {
        boxes.push(box.slice(0, 2));
        return raw.read(...box);
      },
    };
    await readInput({ ...source, array: spied, edges: "zero" }, [-3, 100, 150], [14, 116, 116]);
    expect(boxes).toEqual([
      [
        [0, 100, 150],
        [8, 160, 160],
      ],
    ]);
  });
});
