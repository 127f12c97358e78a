import { describe, expect, it } from "vitest";
import { countWhats, type ErrorReport, sortRows, toCellText, toErrorRows, toErrorsCsv } from "./error-rows.ts";

const common = { iou: 0.5, partners: [], bestMatch: undefined, place: [0, 1, 2] } as const;

const instances: ErrorReport = {
  kind: "instance",
  totals: [],
  objects: [
    { ...common, side: "truth", id: 0n, voxels: 90, voiShare: 0.5, verdict: "background" },
    {
      ...common,
      side: "truth",
      id: 7n,
      voxels: 10,
      voiShare: 0.25,
      verdict: "split",
      bestMatch: 12n,
      partners: [12n, 3n],
    },
    { ...common, side: "output", id: 12n, voxels: 6, voiShare: 0, verdict: "matched", bestMatch: 7n, partners: [7n] },
  ],
};

const masks: ErrorReport = {
  kind: "mask",
  channels: ["=mito", "membrane"],
  totals: [],
  voxels: { falsePositive: 3, falseNegative: 2 },
  regions: [
    { channel: "=mito", error: "false positive", voxels: 3, depth: Number.POSITIVE_INFINITY, share: 1, place: [4, 5] },
    { channel: "membrane", error: "false negative", voxels: 2, depth: 8, share: Number.NaN, place: [6, 7] },
  ],
};

describe("the lines of a table of errors", () => {
  it("select an object in its own layer, and its pieces in the other", () => {
    expect(toErrorRows(instances).map(({ segments }) => segments)).toEqual([
      { gt: [], segmentation: [] },
      { gt: [7n], segmentation: [12n, 3n] },
      { segmentation: [12n], gt: [7n] },
    ]);
  });

  it("say the share in the score that their side adds to, and nothing in the other", () => {
    const [background, object, segment] = toErrorRows(instances);
    expect(background?.values).toEqual({ voxels: 90, split: 0.5 });
    expect(object && toCellText(object, "merge")).toBe("–");
    expect(segment?.values).toMatchObject({ merge: 0 });
  });

  it("are sorted by number or name, and those without a value come last both ways", () => {
    const rows = toErrorRows(instances);
    const keys = (descending: boolean) => sortRows(rows, { column: "split", descending }).map(({ key }) => key);
    expect(keys(true)).toEqual(["gt 0", "gt 7", "seg 12"]);
    expect(keys(false)).toEqual(["gt 7", "gt 0", "seg 12"]);
    const byName = sortRows(rows, { column: "name", descending: false }).map(({ key }) => key);
    expect(byName).toEqual(["gt 7", "gt 0", "seg 12"]);
  });

  it("are counted by what became of them", () => {
    expect([...countWhats(toErrorRows(instances))]).toEqual([
      ["matched", 1],
      ["split", 1],
      ["background", 1],
    ]);
  });

  it("are written as CSV with all digits and the place, and no name is a formula", () => {
    expect(toErrorsCsv(instances, toErrorRows(instances)).join("")).toContain(
      "gt 7,split,10,seg 12,0.5,0.25,,0,1,2\r\n",
    );
    const text = toErrorsCsv(masks, toErrorRows(masks)).join("");
    expect(text).toContain("'=mito region 1,false positive,3,Infinity,1,0,4,5\r\n");
    expect(text).toContain("membrane region 2,false negative,2,8,NaN,0,6,7\r\n");
  });
});
