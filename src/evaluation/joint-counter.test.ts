import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { EvaluationError } from "./errors.ts";
import { createJointCounter } from "./joint-counter.ts";

const label = fc.integer({ min: 0, max: 4 });
const rows = fc.array(fc.array(fc.tuple(label, label), { minLength: 6, maxLength: 6 }), {
  minLength: 1,
  maxLength: 12,
});

type Rows = readonly (readonly (readonly [number, number])[])[];

function addRows(counter: ReturnType<typeof createJointCounter>, part: Rows, at: number): void {
  const voxels = part.flat();
  const output = BigUint64Array.from(voxels, ([first]) => BigInt(first));
  const truth = Float32Array.from(voxels, ([, second]) => second);
  counter.add(output, truth, [1, part.length, 6], [0, at, 0]);
}

/** Pairs of labels by name, as numbers depend on what was seen first. */
function named(counter: ReturnType<typeof createJointCounter>) {
  const { pairs, outputIds, truthIds } = counter.table();
  return new Map(pairs.map((pair) => [`${outputIds[pair.output]} ${truthIds[pair.truth]}`, pair]));
}

describe("the table of labels that meet", () => {
  it("is the same of blocks as of the whole", () => {
    fc.assert(
      fc.property(rows, fc.nat(11), (all, cut) => {
        const [whole, blocks] = [createJointCounter(), createJointCounter()];
        addRows(whole, all, 0);
        addRows(blocks, all.slice(0, cut), 0);
        addRows(blocks, all.slice(cut), cut);
        const counts = (counter: typeof whole) =>
          [...named(counter)].map(([name, { voxels }]) => [name, voxels]).sort();
        expect(counts(blocks)).toEqual(counts(whole));
        expect(blocks.table().voxels).toBe(all.length * 6);
      }),
    );
  });

  it("says of every pair where a voxel of it lies", () => {
    fc.assert(
      fc.property(rows, fc.nat(11), (all, cut) => {
        const counter = createJointCounter();
        addRows(counter, all.slice(0, cut), 0);
        addRows(counter, all.slice(cut), cut);
        for (const [name, { place }] of named(counter)) {
          const [z = -1, y = -1, x = -1] = place;
          expect(z).toBe(0);
          expect(all[y]?.[x]?.join(" ")).toBe(name);
        }
      }),
    );
  });

  it("tells ids above 2^53 apart", () => {
    const counter = createJointCounter();
    counter.add(BigUint64Array.of(2n ** 60n, 2n ** 60n + 1n), Int32Array.of(-1, 7), [1, 1, 2], [0, 0, 0]);
    expect(counter.table()).toMatchObject({ outputIds: [2n ** 60n, 2n ** 60n + 1n], truthIds: [2n ** 64n - 1n, 7n] });
  });

  it("is not made of volumes of different sizes", () => {
    expect(() => createJointCounter().add(new Uint8Array(3), new Uint8Array(4), [1, 1, 3], [0, 0, 0])).toThrow(
      EvaluationError,
    );
  });
});
