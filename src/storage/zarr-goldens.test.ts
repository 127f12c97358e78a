import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import goldens from "./fixtures/zarr-goldens.json" with { type: "json" };
import { toMemoryStore } from "./memory-store.ts";
import { openArray, type VoxelData } from "./open-array.ts";
import type { Store } from "./store.ts";

// Values as zarr-python 2.18.7 reads them (scripts/write-zarr-goldens.py). The demo and the fixtures are copies of the
// same runs: where the shared runs are absent, theirs are read instead.
const PLACES: Readonly<Record<string, readonly string[]>> = {
  runs: ["../shared/runs", "demo", "e2e/fixtures/runs"],
  runs_legacy035: ["../shared/runs_legacy035"],
};

type Golden = {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly sha256: string;
  readonly box: { readonly begin: readonly number[]; readonly end: readonly number[]; readonly sha256: string };
};

function loadArray(folder: string): Store {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const files = entries.map((entry) => join(entry.parentPath, entry.name));
  return toMemoryStore(
    new Map(files.map((file) => [file.slice(folder.length + 1), { bytes: readFileSync(file) }])),
    folder,
  );
}

function digest(data: VoxelData): string {
  return createHash("sha256")
    .update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength))
    .digest("hex");
}

async function check(folder: string, golden: Golden): Promise<void> {
  const array = await openArray(loadArray(folder), "");
  expect({ dtype: array?.dtype, shape: array?.shape }, folder).toEqual({ dtype: golden.dtype, shape: golden.shape });
  const whole = await array?.read(
    golden.shape.map(() => 0),
    golden.shape,
  );
  expect(whole && digest(whole.data), folder).toBe(golden.sha256);
  const box = await array?.read(golden.box.begin, golden.box.end);
  expect(box && digest(box.data), folder).toBe(golden.box.sha256);
}

describe.each(Object.entries(goldens.arrays))("%s", (base, arrays: Readonly<Record<string, Golden>>) => {
  for (const run of new Set(Object.keys(arrays).map((path) => path.split("/")[0] ?? ""))) {
    const paths = Object.keys(arrays).filter((path) => path.startsWith(`${run}/`));
    const place = PLACES[base]?.find((folder) => existsSync(join(folder, run)));
    if (place === undefined) console.log(`skipped ${paths.length} arrays: no ${run} in ${PLACES[base]?.join(", ")}`);
    test.skipIf(place === undefined)(`every array of ${run} reads as zarr-python reads it`, async () => {
      for (const path of paths) {
        const golden = arrays[path];
        if (golden) await check(join(place ?? "", path), golden);
      }
    });
  }
});
