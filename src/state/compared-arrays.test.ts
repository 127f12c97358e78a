import { describe, expect, it } from "vitest";
import { agreements, createObjectMatching } from "#evaluation/agreement.ts";
import type { ObjectMatcher } from "#evaluation/object-matcher.ts";
import { toMemoryStore } from "#storage/memory-store.ts";
import { openArray, type RunArray } from "#storage/open-array.ts";
import { openAgreement, openDifference } from "./compared-arrays.ts";
import type { MatchContext, MatchProgress, MatchWish } from "./matching.ts";

type Values = Float32Array | BigUint64Array | Uint8Array;

type Layout = {
  readonly axes?: readonly string[];
  readonly shape: readonly number[];
  readonly chunks?: readonly number[];
  readonly offset?: readonly number[];
  readonly voxelSize?: readonly number[];
};

const dtypes = new Map([
  [Float32Array.name, "<f4"],
  [BigUint64Array.name, "<u8"],
  [Uint8Array.name, "|u1"],
]);

/** One chunk, uncompressed, as zarr has it. */
async function toArray(values: Values, layout: Layout): Promise<RunArray> {
  const { shape, axes = ["c^", "z", "y", "x"], offset = [0, 0, 0], voxelSize = [1, 1, 1] } = layout;
  const zarray = {
    ...{ zarr_format: 2, shape, chunks: shape, dtype: dtypes.get(values.constructor.name), compressor: null },
    ...{ fill_value: 0, order: "C", filters: null, dimension_separator: "." },
  };
  const types = axes.map((name) => (name === "c^" ? "channel" : "space"));
  const zattrs = { axis_names: axes, types, offset, voxel_size: voxelSize, units: ["nm", "nm", "nm"] };
  const bytes = (document: unknown) => ({ bytes: new TextEncoder().encode(JSON.stringify(document)) });
  const data = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  const store = toMemoryStore(
    new Map([
      ["a/.zarray", bytes(zarray)],
      ["a/.zattrs", bytes(zattrs)],
      [`a/${shape.map(() => 0).join(".")}`, { bytes: data }],
    ]),
  );
  const array = await openArray(store, "a");
  if (array === undefined) throw new Error("It was written a moment ago.");
  return array;
}

const whole = async (array: RunArray) => {
  const { data } = await array.read(
    array.shape.map(() => 0),
    array.shape,
  );
  return Array.from(data, Number);
};

describe("the difference of two predictions", () => {
  it("is B less A where both have a number, and no number elsewhere", async () => {
    const shape = [1, 1, 2, 3];
    const a = await toArray(Float32Array.of(0, 0.5, 1, Number.NaN, -1, 0.25), { shape });
    const b = await toArray(Float32Array.of(1, 0.5, 0, 0, Number.NaN, 0.5), { shape });
    expect(await whole(await openDifference(a, b))).toEqual([1, 0, -1, Number.NaN, Number.NaN, 0.25]);
  });

  it("lies where the predictions lie", async () => {
    const place = { shape: [2, 2, 2, 2], offset: [90, 18, 27], voxelSize: [45, 9, 9] };
    const array = await toArray(new Float32Array(16), place);
    const { metadata, shape } = await openDifference(array, array);
    expect(shape).toEqual(place.shape);
    expect([metadata.offset, metadata.voxelSize]).toEqual([place.offset, place.voxelSize]);
  });

  it("subtracts voxels of the same place where the axes are stored in another order", async () => {
    const values = Float32Array.from({ length: 24 }, (_, i) => i);
    const a = await toArray(values, { shape: [1, 2, 3, 4] });
    const turned = Float32Array.from({ length: 24 }, (_, i) => {
      const [x, y, z] = [Math.floor(i / 6), Math.floor(i / 2) % 3, i % 2];
      return values[(z * 3 + y) * 4 + x] ?? 0;
    });
    const b = await toArray(turned, { shape: [1, 4, 3, 2], axes: ["c^", "x", "y", "z"] });
    expect(new Set(await whole(await openDifference(a, b)))).toEqual(new Set([0]));
  });

  it.each([
    [{ shape: [1, 1, 1, 2] }, /a shape of 1 × 1 × 4, B of 1 × 1 × 2/],
    [{ shape: [1, 1, 1, 4], offset: [0, 0, 8] }, /an offset of 0 × 0 × 0, B of 0 × 0 × 8/],
    [{ shape: [1, 1, 1, 4], voxelSize: [1, 2, 2] }, /voxels of 1 × 1 × 1, B of 1 × 2 × 2/],
    [{ shape: [2, 1, 1, 4] }, /number of channels of 1, B of 2/],
  ])("says why there is none for %j", async (layout, reason) => {
    const a = await toArray(new Float32Array(4), { shape: [1, 1, 1, 4] });
    const b = await toArray(new Float32Array(layout.shape.reduce((x, y) => x * y)), layout);
    await expect(openDifference(a, b)).rejects.toThrow(reason);
  });
});

function setUp(wanted: MatchWish = "seen") {
  const told: (MatchProgress | undefined)[] = [];
  const listeners = new Set<() => void>();
  let wish = wanted;
  const context: MatchContext = {
    wish: () => wish,
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    tell(progress) {
      told.push(progress);
      for (const listener of listeners) listener(); // as the state's
    },
  };
  const matchers: { disposed: boolean }[] = [];
  const start = (): ObjectMatcher => {
    const { add, toAgreement } = createObjectMatching();
    const own = { disposed: false };
    matchers.push(own);
    return {
      add: async (...parts) => add(...parts),
      toAgreement: async (...parts) => toAgreement(...parts),
      dispose: () => {
        own.disposed = true;
      },
    };
  };
  const become = (next: MatchWish) => {
    wish = next;
    for (const listener of listeners) listener();
  };
  return { context, start, told, matchers, listeners, become };
}

describe("the agreement of two segmentations", () => {
  it("matches objects over the whole volume, also where it is read in parts", async () => {
    const { context, start, told, matchers } = setUp();
    const shape = [1, 1, 1, 6];
    const a = await toArray(BigUint64Array.of(1n, 1n, 1n, 0n, 2n, 2n), { shape });
    const b = await toArray(BigUint64Array.of(8n, 8n, 0n, 9n, 7n, 6n), { shape });
    const agreement = await openAgreement(a, b, "instances", context, start);
    const { same, onlyFirst, onlySecond, different } = agreements;
    expect(await whole(agreement)).toEqual([same, same, onlyFirst, onlySecond, different, different]);
    const part = await agreement.read([0, 0, 0, 2], [1, 1, 1, 4]);
    expect([...part.data]).toEqual([onlyFirst, onlySecond]);
    expect([told, matchers.length]).toEqual([[{ done: 0, total: 1 }, undefined], 1]);
  });

  it("waits while nobody looks, is begun anew when somebody does, and ends with the comparison", async () => {
    const { context, start, told, matchers, listeners, become } = setUp("hidden");
    const a = await toArray(BigUint64Array.of(1n, 1n), { shape: [1, 1, 1, 2] });
    const agreement = await openAgreement(a, a, "instances", context, start);
    const reading = whole(agreement);
    await expect.poll(() => listeners.size).toBe(1);
    expect(matchers).toEqual([]);
    become("seen");
    expect(matchers).toHaveLength(1);
    become("hidden"); // before the first part is counted
    await expect.poll(() => matchers[0]?.disposed).toBe(true);
    expect(told.at(-1)).toBeUndefined();
    become("seen");
    expect(await reading).toEqual([agreements.same, agreements.same]);
    expect(matchers.map(({ disposed }) => disposed)).toEqual([true, false]);
    become("gone");
    expect(matchers.map(({ disposed }) => disposed)).toEqual([true, true]);
    expect(listeners.size).toBe(0);
  });

  it("fails once for all who wait, and is tried anew by the next", async () => {
    const { context, start, matchers } = setUp();
    const a = await toArray(BigUint64Array.of(1n, 1n), { shape: [1, 1, 1, 2] });
    let broken = true;
    const agreement = await openAgreement(a, a, "instances", context, () => {
      if (broken) throw new Error("No worker could be started.");
      return start();
    });
    const both = await Promise.allSettled([whole(agreement), whole(agreement)]);
    expect(both.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
    broken = false;
    expect(await whole(agreement)).toEqual([agreements.same, agreements.same]);
    expect(matchers).toHaveLength(1);
  });

  it("is not matched for those who do not wait any more", async () => {
    const { context, start, matchers, listeners } = setUp("hidden");
    const a = await toArray(BigUint64Array.of(1n, 1n), { shape: [1, 1, 1, 2] });
    const agreement = await openAgreement(a, a, "instances", context, start);
    const leaving = new AbortController();
    const reading = agreement.read([0, 0, 0, 0], [1, 1, 1, 2], leaving.signal);
    await expect.poll(() => listeners.size).toBe(1);
    leaving.abort();
    await expect(reading).rejects.toThrow();
    for (const listener of listeners) listener();
    expect(matchers).toEqual([]);
  });

  it("compares masks channel by channel", async () => {
    const a = await toArray(Uint8Array.of(1, 0, 1, 1), { shape: [2, 1, 1, 2] });
    const b = await toArray(Uint8Array.of(1, 1, 0, 1), { shape: [2, 1, 1, 2] });
    const { same, onlyFirst, onlySecond } = agreements;
    expect(await whole(await openAgreement(a, b, "binary", setUp().context))).toEqual([
      same,
      onlySecond,
      onlyFirst,
      same,
    ]);
  });
});
