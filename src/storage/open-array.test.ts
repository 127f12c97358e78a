import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { copyChunk, toChunkCoordinates, toStrides } from "./copy-chunk.ts";
import { type MemoryFiles, toMemoryStore } from "./memory-store.ts";
import { openArray } from "./open-array.ts";

type Variant = {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly sha256: string;
  readonly files: Readonly<Record<string, string>>;
};

// Written by zarr-python 2.18.7 and 3.1.6 (scripts/write-zarr-variants.py).
const variants: Readonly<Record<string, Variant>> = JSON.parse(
  readFileSync(new URL("fixtures/zarr-variants.json", import.meta.url), "utf8"),
);

function toFiles({ files }: Variant): MemoryFiles {
  return new Map(
    Object.entries(files).map(([path, text]) => [
      `run.zarr/a b/${path}`,
      { bytes: new Uint8Array(Buffer.from(text, "base64")) },
    ]),
  );
}

function open(files: MemoryFiles) {
  return openArray(toMemoryStore(files), "run.zarr/a b");
}

function variant(name: string): Variant {
  const found = variants[name];
  if (found === undefined) throw new Error(`no variant ${name}`);
  return found;
}

describe("arrays as zarr-python writes them", () => {
  test.each(Object.entries(variants))("%s", async (_, golden) => {
    const array = await open(toFiles(golden));
    expect({ dtype: array?.dtype, shape: array?.shape }).toEqual({ dtype: golden.dtype, shape: golden.shape });
    const block = await array?.read(
      golden.shape.map(() => 0),
      golden.shape,
    );
    const bytes = block && new Uint8Array(block.data.buffer, block.data.byteOffset, block.data.byteLength);
    expect(
      createHash("sha256")
        .update(bytes ?? "")
        .digest("hex"),
    ).toBe(golden.sha256);
  });

  test.each(["v2 Fortran order", "v2 dots", "v3 transposed", "v3 shards", "N5 gzip"])(
    "a box of %s is that part of the whole",
    async (name) => {
      const array = await open(toFiles(variant(name)));
      const whole = await array?.read([0, 0, 0], [5, 7, 6]);
      const boxes = fc.tuple(fc.nat(5), fc.nat(7), fc.nat(6), fc.nat(5), fc.nat(7), fc.nat(6));
      await fc.assert(
        fc.asyncProperty(boxes, async ([z, y, x, dz, dy, dx]) => {
          const end = [Math.min(z + dz, 5), Math.min(y + dy, 7), Math.min(x + dx, 6)] as const;
          const block = await array?.read([z, y, x], end);
          const expected: (number | bigint | undefined)[] = [];
          for (let i = z; i < end[0]; i++)
            for (let j = y; j < end[1]; j++)
              for (let k = x; k < end[2]; k++) expected.push(whole?.data[(i * 7 + j) * 6 + k]);
          expect([...(block?.data ?? [])]).toEqual(expected);
        }),
        { numRuns: 40 },
      );
    },
  );
});

const encode = (value: unknown) => ({
  bytes: new TextEncoder().encode(typeof value === "string" ? value : JSON.stringify(value)),
});

const META = {
  zarr_format: 2,
  shape: [4, 4],
  chunks: [2, 2],
  dtype: "|u1",
  compressor: null,
  fill_value: 0,
  filters: null,
  order: "C",
  dimension_separator: "/",
};

function withMeta(change: object, more: Readonly<Record<string, unknown>> = {}): MemoryFiles {
  const files = { ".zarray": { ...META, ...change }, ...more };
  return new Map(Object.entries(files).map(([name, value]) => [`run.zarr/a b/${name}`, encode(value)]));
}

describe("arrays that cannot be trusted", () => {
  test("no metadata is no array", async () => {
    expect(await open(new Map())).toBeUndefined();
  });

  test.each([
    ["a shape of the wrong kind", { shape: "big" }],
    ["a negative size", { shape: [-4, 4] }],
    ["chunks of no size", { chunks: [0, 2] }],
    ["another number of chunk sizes", { chunks: [2] }],
    ["fractions", { shape: [1.5, 4] }],
    ["values that are objects", { dtype: "|O" }],
    ["half floats", { dtype: "<f2" }],
    ["fields", { dtype: [["a", "<u4"]] }],
    ["a hundred axes", { shape: Array(100).fill(1), chunks: Array(100).fill(1) }],
  ])("%s are refused in a sentence that names the file", async (_, change) => {
    await expect(open(withMeta(change))).rejects.toMatchObject({
      tag: "wrong-content",
      message: expect.stringContaining("a%20b/.zarray"),
    });
  });

  test.each([
    ["chunks too large to decode", { shape: [1e6, 1e6], chunks: [1e5, 1e5] }],
    ["a size beyond counting", { shape: [2 ** 40, 2 ** 40] }],
  ])("%s are refused before anything is allocated", async (_, change) => {
    await expect(open(withMeta(change))).rejects.toMatchObject({ tag: "too-large" });
  });

  test("reading too much at once is refused, reading a part is not", async () => {
    const array = await open(withMeta({ shape: [1e9, 4], chunks: [1e3, 4] }));
    await expect(array?.read([0, 0], [1e9, 4])).rejects.toMatchObject({ tag: "too-large" });
    expect((await array?.read([5e8, 0], [5e8 + 3, 4]))?.shape).toEqual([3, 4]);
    const crumbs = await open(withMeta({ shape: [1e4, 1e4], chunks: [1, 1] }));
    await expect(crumbs?.read([0, 0], [1e4, 1e4])).rejects.toMatchObject({ tag: "too-large" });
  });

  test("metadata cut off while it is written is refused at every length, never read as another array", async () => {
    const text = JSON.stringify(META);
    for (let length = 0; length < text.length; length++) {
      const files = new Map([["run.zarr/a b/.zarray", encode(text.slice(0, length))]]);
      await expect(open(files)).rejects.toMatchObject({ tag: "wrong-content" });
    }
    await expect(open(withMeta({}, { ".zattrs": '{"offset": [0' }))).rejects.toMatchObject({ tag: "wrong-content" });
  });

  test.each([
    "v2 blosc lz4",
    "v2 gzip",
    "v2 lz4",
    "v2 plain",
    "v2 zlib",
    "v2 zstd",
    "v3 default",
    "v3 blosc",
    "N5 gzip",
    "N5 raw",
    "N5 blosc",
    "N5 zstd",
  ])("a chunk of %s that is cut off is refused, never read as zeros", async (name) => {
    const files = toFiles(variant(name));
    const key = [...files.keys()].find((path) => /\d$/.test(path)) ?? "";
    const whole = files.get(key)?.bytes ?? new Uint8Array();
    for (const length of [0, 1, 8, Math.floor(whole.length / 2), whole.length - 1]) {
      files.set(key, { bytes: whole.slice(0, length) });
      const array = await open(files);
      await expect(array?.read([0, 0, 0], [5, 7, 6]), `${length} of ${whole.length}`).rejects.toMatchObject({
        tag: "wrong-content",
      });
    }
  });

  test("a blosc chunk that announces gigabytes is refused before it is unpacked", async () => {
    const files = toFiles(variant("v2 blosc lz4"));
    const key = "run.zarr/a b/0/0/0";
    const bytes = files.get(key)?.bytes.slice() ?? new Uint8Array();
    new DataView(bytes.buffer).setUint32(4, 0x7fffffff, true);
    files.set(key, { bytes });
    const read = (await open(files))?.read([0, 0, 0], [1, 1, 1]);
    await expect(read).rejects.toMatchObject({ tag: "wrong-content", message: expect.stringContaining("2147483647") });
  });

  test("attributes named like parts of JavaScript stay data", async () => {
    const array = await open(withMeta({}, { ".zattrs": '{"__proto__": {"offset": [1, 2]}, "constructor": 1}' }));
    expect(array?.metadata.offset).toEqual([0, 0]);
    expect(({} as Record<string, unknown>).offset).toBeUndefined();
  });

  test("an aborted read rejects as aborted", async () => {
    const array = await open(toFiles(variant("v2 plain")));
    await expect(array?.read([0, 0, 0], [5, 7, 6], AbortSignal.abort())).rejects.toMatchObject({ name: "AbortError" });
  });
});

test("where an array does not say where it lies, the groups above do", async () => {
  const files = withMeta({ shape: [4, 4, 4], chunks: [2, 2, 2] });
  files.set(
    "run.zarr/.zattrs",
    encode({
      multiscales: [
        {
          axes: ["z", "y", "x"],
          datasets: [{ path: "a b", coordinateTransformations: [{ type: "scale", scale: [40, 4, 4] }] }],
        },
      ],
    }),
  );
  expect((await open(files))?.metadata.voxelSize).toEqual([40, 4, 4]);
});

test("chunks tile a box: every voxel of it is copied once, from its own place", () => {
  const axis = fc.record({
    size: fc.integer({ min: 1, max: 9 }),
    chunk: fc.integer({ min: 1, max: 12 }),
    cut: fc.tuple(fc.nat(9), fc.nat(9)),
  });
  fc.assert(
    fc.property(fc.array(axis, { minLength: 1, maxLength: 4 }), fc.boolean(), (axes, isFortran) => {
      const begin = axes.map(({ size, cut }) => Math.min(...cut, size));
      const end = axes.map(({ size, cut }) => Math.min(Math.max(...cut), size));
      const chunks = axes.map(({ chunk }) => chunk);
      const wholeStrides = toStrides(axes.map(({ size }) => size));
      const stride = isFortran ? toStrides(chunks.toReversed()).toReversed() : toStrides(chunks);
      const shape = begin.map((first, i) => Math.max(0, (end[i] ?? 0) - first));
      const target = new Float64Array(shape.reduce((a, b) => a * b, 1)).fill(-1);
      for (const coordinates of toChunkCoordinates({ begin, end }, chunks)) {
        const at = coordinates.map((n, i) => n * (chunks[i] ?? 1));
        const data = new Float64Array(chunks.reduce((a, b) => a * b, 1));
        for (const place of boxOf(chunks))
          data[dot(place, stride)] = dot(
            place.map((n, i) => n + (at[i] ?? 0)),
            wholeStrides,
          );
        copyChunk(target, { begin, end }, { data, at, shape: chunks, stride });
      }
      const expected = [...boxOf(shape)].map((place) =>
        dot(
          place.map((n, i) => n + (begin[i] ?? 0)),
          wholeStrides,
        ),
      );
      expect([...target]).toEqual(expected);
    }),
  );
});

function* boxOf(shape: readonly number[]): Generator<number[]> {
  const [length, ...rest] = shape;
  if (length === undefined) yield [];
  else for (let i = 0; i < length; i++) for (const inner of boxOf(rest)) yield [i, ...inner];
}

function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, i) => sum + value * (b[i] ?? 0), 0);
}
