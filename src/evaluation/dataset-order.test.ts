import { describe, expect, it } from "vitest";
import type { Evidence, OrderEffects, OrderQuestion } from "./dataset-order.ts";
import { resolveDatasetOrder } from "./dataset-order.ts";
import { EvaluationError } from "./errors.ts";
import type { LabelPair } from "./score-pair.ts";

const criteria = ["voi_split", "voi_merge", "voi"];
const row = (split: number, merge: number) => [split, merge, (split + merge) / 2];

/** An effect world in which the output of each folder scores as given; the pair only carries the answer. */
function scoring(values: (folder: string, evidence: Evidence) => readonly number[] | undefined | Error) {
  const reads: string[] = [];
  const answers = new Map<LabelPair, readonly number[] | Error>();
  const effects: OrderEffects = {
    async readPair(folder, evidence) {
      reads.push(`${folder} ${evidence.iteration}/${evidence.parameterIndex}`);
      const answer = values(folder, evidence);
      const volume = { data: new Uint8Array(1), shape: [1], offset: [0], voxelSize: [1] };
      const pair: LabelPair = { output: volume, gt: volume };
      if (answer !== undefined) answers.set(pair, answer);
      return answer && pair;
    },
    async score(_, pair) {
      const answer = answers.get(pair) ?? [];
      if (answer instanceof Error) throw answer;
      return answer;
    },
  };
  return { effects, reads };
}

const question = (storedScores: OrderQuestion["storedScores"], folders = ["a", "b"]): OrderQuestion => ({
  kind: "instance",
  folders,
  criteria,
  storedScores,
});

describe("the order of datasets in the stored scores", () => {
  it("is found from one output of each dataset, at the newest iteration that tells them apart", async () => {
    const stored = [
      { iteration: 100, scores: [[row(1, 2)], [row(3, 4)]] },
      { iteration: 200, scores: [[row(5, 6)], [row(7, 8)]] },
    ];
    const { effects, reads } = scoring((folder) => (folder === "a" ? row(7, 8) : row(5, 6)));
    expect(await resolveDatasetOrder(question(stored), effects)).toEqual({
      status: "resolved",
      order: ["b", "a"],
      evidence: [{ iteration: 200, parameterIndex: 0 }],
    });
    expect(reads).toEqual(["a 200/0", "b 200/0"]);
  });

  it("passes over iterations and parameters where all datasets score the same, without reading them", async () => {
    const stored = [
      {
        iteration: 100,
        scores: [
          [row(1, 2), row(1, 3)],
          [row(1, 2), row(9, 3)],
        ],
      },
      {
        iteration: 200,
        scores: [
          [row(0, 5), row(0, 5)],
          [row(0, 5), row(0, 5)],
        ],
      },
    ];
    const { effects, reads } = scoring((folder) => (folder === "a" ? row(9, 3) : row(1, 3)));
    expect(await resolveDatasetOrder(question(stored), effects)).toMatchObject({ order: ["b", "a"] });
    expect(reads).toEqual(["a 100/1", "b 100/1"]);
  });

  it("is ambiguous, with nothing read, when all datasets have the same scores and NaN everywhere", async () => {
    const stored = [{ iteration: 30, scores: [[[0, 0, Number.NaN]], [[0, 0, Number.NaN]]] }];
    const { effects, reads } = scoring(() => row(0, 0));
    expect(await resolveDatasetOrder(question(stored), effects)).toMatchObject({ status: "ambiguous" });
    expect(reads).toEqual([]);
  });

  it("adds up what several iterations say when none settles it alone", async () => {
    const stored = [
      { iteration: 100, scores: [[row(1, 1)], [row(2, 2)], [row(2, 2)]] },
      { iteration: 200, scores: [[row(3, 3)], [row(3, 3)], [row(4, 4)]] },
    ];
    const truth = new Map([
      ["c", [row(1, 1), row(3, 3)]],
      ["a", [row(2, 2), row(3, 3)]],
      ["b", [row(2, 2), row(4, 4)]],
    ]);
    const { effects } = scoring((folder, { iteration }) => truth.get(folder)?.[iteration === 100 ? 0 : 1]);
    const order = await resolveDatasetOrder(question(stored, ["a", "b", "c"]), effects);
    expect(order).toMatchObject({ status: "resolved", order: ["c", "a", "b"] });
  });

  it("follows by elimination for one dataset whose arrays are gone", async () => {
    const stored = [{ iteration: 100, scores: [[row(1, 2)], [row(3, 4)]] }];
    const { effects } = scoring((folder) => (folder === "a" ? row(3, 4) : undefined));
    expect(await resolveDatasetOrder(question(stored), effects)).toMatchObject({ order: ["b", "a"] });
  });

  it("leaves out an iteration whose outputs were rewritten since they were scored", async () => {
    const stored = [
      { iteration: 100, scores: [[row(1, 2)], [row(3, 4)]] },
      { iteration: 200, scores: [[row(5, 6)], [row(7, 8)]] },
    ];
    const { effects } = scoring((folder, { iteration }) => {
      if (iteration === 200) return row(99, 98);
      return folder === "a" ? row(3, 4) : row(1, 2);
    });
    expect(await resolveDatasetOrder(question(stored), effects)).toMatchObject({
      order: ["b", "a"],
      evidence: [{ iteration: 100, parameterIndex: 0 }],
    });
  });

  it("is unmatched when no stored output gives its scores again", async () => {
    const stored = [{ iteration: 100, scores: [[row(1, 2)], [row(3, 4)]] }];
    for (const answer of [row(8, 8), undefined, new EvaluationError("channels", "channels", "2 and 3")]) {
      const { effects } = scoring(() => answer);
      expect(await resolveDatasetOrder(question(stored), effects)).toMatchObject({ status: "unmatched" });
    }
  });

  it("leaves out iterations whose evaluations failed (0.3.5 stores an empty list for each dataset)", async () => {
    const { effects, reads } = scoring(() => row(1, 1));
    const order = await resolveDatasetOrder(question([{ iteration: 100, scores: [[], []] }]), effects);
    expect(order.status).toBe("unmatched");
    expect(reads).toEqual([]);
  });

  it("does not match random numbers, and needs nothing for a single dataset", async () => {
    const { effects } = scoring(() => row(1, 1));
    expect(await resolveDatasetOrder({ ...question([]), kind: "dummy" }, effects)).toMatchObject({
      status: "unmatched",
    });
    expect(await resolveDatasetOrder(question([], ["only"]), effects)).toMatchObject({ order: ["only"] });
  });

  it("stops reading when it is aborted, and tells how far it is", async () => {
    const stored = [{ iteration: 100, scores: [[row(1, 2)], [row(3, 4)]] }];
    const { effects, reads } = scoring(() => row(1, 2));
    const controller = new AbortController();
    const progress: (readonly [number, number])[] = [];
    const searching = resolveDatasetOrder(question(stored), effects, {
      signal: controller.signal,
      onProgress: (done, total) => {
        progress.push([done, total]);
        controller.abort();
      },
    });
    await expect(searching).rejects.toThrow(/aborted/);
    expect(reads).toEqual(["a 100/0"]);
    expect(progress).toEqual([[1, 2]]);
  });

  it("passes a failed read on: forbidden is not the same as absent", async () => {
    const stored = [{ iteration: 100, scores: [[row(1, 2)], [row(3, 4)]] }];
    const { effects } = scoring(() => row(1, 2));
    const readPair = () => Promise.reject(new Error("forbidden"));
    await expect(resolveDatasetOrder(question(stored), { ...effects, readPair })).rejects.toThrow("forbidden");
  });
});
