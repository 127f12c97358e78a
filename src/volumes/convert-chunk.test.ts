import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { RunArray } from "#storage/open-array.ts";
import { type ChunkRecipe, parseChunkKey, readServedChunk, toServedChunk, toStoredSpan } from "./convert-chunk.ts";

const recipe = (more: Partial<ChunkRecipe>): ChunkRecipe => ({
  location: "http://here/a",
  dtype: "|u1",
  shape: [3, 5],
  chunks: [2, 2],
  fixed: [],
  ...more,
});

/** Voxel (i, j, ...) holds its own C-order index. */
function countingArray(shape: readonly number[]): Pick<RunArray, "read"> {
  const strides = shape.map((_, axis) => shape.slice(axis + 1).reduce((a, b) => a * b, 1));
  return {
    read(begin, end) {
      const size = end.map((e, axis) => e - (begin[axis] ?? 0));
      const data = new Float64Array(size.reduce((a, b) => a * b, 1)).map((_, n) => {
        let rest = n;
        return size.reduceRight((sum, extent, axis) => {
          const at = rest % extent;
          rest = Math.floor(rest / extent);
          return sum + ((begin[axis] ?? 0) + at) * (strides[axis] ?? 1);
        }, 0);
      });
      return Promise.resolve({ dtype: "<f8", shape: size, data });
    },
  };
}

describe("a chunk made for neuroglancer", () => {
  test("keys that are no chunk of the array are refused", () => {
    expect(parseChunkKey("1.2", recipe({}))).toEqual([1, 2]);
    for (const key of ["2.0", "0.3", "0", "0.0.0", "-1.0", "a.b", "0.0/../x", ""]) {
      expect(parseChunkKey(key, recipe({}))).toBeUndefined();
    }
  });

  test("held axes are put back where they were", () => {
    const span = toStoredSpan(
      [1, 0],
      recipe({
        fixed: [
          { axis: 0, index: 7 },
          { axis: 2, index: 4 },
        ],
      }),
    );
    expect(span).toEqual({ begin: [7, 2, 4, 0], end: [8, 3, 5, 2], shape: [1, 2] });
  });

  test("the part outside the array is 0", () => {
    const chunk = toServedChunk(new Float64Array([1, 2, 3]), [3, 1], { dtype: "<f4", chunks: [4, 2] });
    expect([...new Float32Array(chunk.buffer)]).toEqual([1, 0, 2, 0, 3, 0, 0, 0]);
  });

  test("ids above 2^53 keep every bit", () => {
    const id = 2n ** 60n + 1n;
    const chunk = toServedChunk(new BigUint64Array([id]), [1], { dtype: "<u8", chunks: [2] });
    expect([...new BigUint64Array(chunk.buffer)]).toEqual([id, 0n]);
  });

  test("booleans are 0 and 1, 64-bit classes are narrowed", () => {
    expect([...toServedChunk(new Uint8Array([0, 1]), [2], { dtype: "|u1", chunks: [2] })]).toEqual([0, 1]);
    const classes = toServedChunk(new BigInt64Array([3n]), [1], { dtype: "<u4", chunks: [1] });
    expect([...new Uint32Array(classes.buffer)]).toEqual([3]);
  });

  test("chunks tile the array exactly once, whatever their shape", async () => {
    const extent = fc.integer({ min: 1, max: 6 });
    const rank = fc.integer({ min: 1, max: 4 });
    const boxes = rank.chain((n) => fc.tuple(...[0, 1].map(() => fc.array(extent, { minLength: n, maxLength: n }))));
    await fc.assert(
      fc.asyncProperty(boxes, async ([shape = [], chunks = []]) => {
        const facts = recipe({ dtype: "<f4", shape, chunks });
        const array = countingArray(shape);
        const grid = shape.map((size, axis) => Math.ceil(size / (chunks[axis] ?? 1)));
        const seen: number[] = [];
        for (let n = 0; n < grid.reduce((a, b) => a * b, 1); n++) {
          let rest = n;
          const indices = grid.map(() => 0);
          for (let axis = grid.length - 1; axis >= 0; axis--) {
            indices[axis] = rest % (grid[axis] ?? 1);
            rest = Math.floor(rest / (grid[axis] ?? 1));
          }
          const bytes = await readServedChunk(array, facts, indices.join("."));
          const values = new Float32Array(bytes?.buffer ?? new ArrayBuffer(0));
          values.forEach((value, at) => {
            let left = at;
            const position = [...chunks].reverse().map((size) => {
              const p = left % size;
              left = Math.floor(left / size);
              return p;
            });
            const voxel = position.reverse().map((p, axis) => p + (indices[axis] ?? 0) * (chunks[axis] ?? 1));
            if (voxel.every((v, axis) => v < (shape[axis] ?? 0))) seen.push(value);
            else expect(value).toBe(0);
          });
        }
        expect(seen.sort((a, b) => a - b)).toEqual(seen.map((_, i) => i));
        expect(seen.length).toBe(shape.reduce((a, b) => a * b, 1));
      }),
      { numRuns: 60 },
    );
  });
});
