import { readdirSync, readFileSync } from "node:fs";
import type { FuzzSeeds } from "./fuzz-formats.ts";

const fixtures = new URL("../src/storage/formats/fixtures/", import.meta.url);

/** Small inputs mutate well and read fast. */
const maxSeedBytes = 4000;

function load(pattern: RegExp): Uint8Array[] {
  const names = readdirSync(fixtures).filter((name) => pattern.test(name));
  return names
    .map((name) => new Uint8Array(readFileSync(new URL(name, fixtures))))
    .filter((bytes) => bytes.length <= maxSeedBytes);
}

const encoder = new TextEncoder();
const texts = (...values: readonly unknown[]) =>
  values.map((value) => encoder.encode(typeof value === "string" ? value : JSON.stringify(value)));

// Attributes as DaCapo at HEAD, its older releases, N5 and OME-NGFF writers leave them.
const attributes = texts(
  {
    axis_names: ["c^", "z", "y", "x"],
    offset: [540, 540, 2880],
    types: ["channel", "space", "space", "space"],
    units: ["", "", ""],
    voxel_size: [45, 9, 9],
    shape: [2, 4, 4, 4],
  },
  {
    axes: ["c", "z", "y", "x"],
    resolution: [40, 4, 4],
    offset: [0, 0, 0],
    dimension_units: ["", "40 nm", "4 nm", "4 nm"],
    _ARRAY_DIMENSIONS: ["c^", "z", "y", "x"],
  },
  {
    dimensions: [30, 20, 10],
    blockSize: [8, 8, 8],
    pixelResolution: { dimensions: [4, 4, 40], unit: "nm" },
    axes: ["x", "y", "z"],
  },
  {
    multiscales: [
      {
        axes: [{ name: "z", type: "space", unit: "nanometer" }],
        datasets: [{ path: "s0", coordinateTransformations: [{ type: "scale", scale: [40, 4, 4] }] }],
      },
    ],
  },
  {
    transform: {
      axes: ["z", "y", "x"],
      ordering: "F",
      scale: [4, 4, 4],
      translate: [0, 0, 0],
      units: ["nm", "nm", "nm"],
    },
  },
);

const statsJson = texts(
  '[{"_id": {"$oid": "6a"}, "run_name": "a", "iteration": 0, "loss": NaN, "time": 0.5}, {"iteration": 1, "loss": 1e-05, "time": null}]',
  '[{"iteration": 100, "scores": [[[0.5, null, Infinity]], [[1, 2, 3]]], "run_name": "a"}, {"iteration": 200, "scores": [[], []]}]',
);

export function loadFuzzSeeds(): FuzzSeeds {
  return { pickle: load(/\.pickle$/), yaml: load(/\.yaml$/), attributes, "stats json": statsJson };
}
