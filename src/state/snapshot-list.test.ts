import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { toSnapshotList } from "./snapshot-list.ts";

const stacked = (iterations: readonly number[]) =>
  toSnapshotList({ layout: "stacked", folder: "a/snapshot.zarr/volumes", names: ["raw"], iterations }, "a");
const kept = (iterations: readonly number[]) =>
  stacked(iterations).entries.map(({ iteration, index }) => [iteration, index]);

describe("the snapshots of a run", () => {
  it("are found by their place in the stack", () => {
    expect(stacked([0, 10]).entries[1]).toEqual({
      ...{ iteration: 10, index: 1, folder: "snapshot.zarr/volumes", names: ["raw"] },
    });
  });

  it("that were taken again are those of the second time", () => {
    expect(kept([0, 10, 20, 10, 20, 30])).toEqual([
      [0, 0],
      [10, 3],
      [20, 4],
      [30, 5],
    ]);
    expect(stacked([0, 10, 20, 10, 20, 30]).superseded).toBe(2);
  });

  it("that a rewind undid are gone, also where nothing took their place yet", () => {
    expect(kept([0, 10, 20, 30, 10])).toEqual([
      [0, 0],
      [10, 4],
    ]);
  });

  it("ascend, and are never of something older than what is left out", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(6)), (iterations) => {
        const entries = stacked(iterations).entries;
        expect(entries.at(-1)?.index).toBe(iterations.length === 0 ? undefined : iterations.length - 1);
        entries.slice(1).forEach(({ iteration, index = 0 }, i) => {
          const before = entries[i];
          expect(iteration).toBeGreaterThan(before?.iteration ?? -1);
          expect(index).toBeGreaterThan(before?.index ?? -1);
        });
      }),
    );
  });

  it("of old releases lie in folders of their own, and are put in order", () => {
    const groups = [100, 0].map((iteration) => ({
      iteration,
      folder: `a/snapshot.zarr/${iteration}/volumes`,
      names: ["raw"],
    }));
    expect(toSnapshotList({ layout: "separate", groups }, "a").entries.map(({ folder }) => folder)).toEqual([
      "snapshot.zarr/0/volumes",
      "snapshot.zarr/100/volumes",
    ]);
  });

  it("are none where there is no container", () => {
    expect(toSnapshotList(undefined, "a")).toEqual({ entries: [], superseded: 0 });
  });
});
