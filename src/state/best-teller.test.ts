import { describe, expect, it } from "vitest";
import type { DatasetOrder, RunState } from "./app-state.ts";
import { createBestTeller } from "./best-teller.ts";
import { biases, entry } from "./fakes/fake-run.ts";
import { loadedState } from "./fakes/run-state.ts";
import type { FollowEvent } from "./follow-events.ts";

const at100 = entry(100, [
  [2, 3],
  [4, 5],
]);
const at200 = entry(200, [
  [1, 3],
  [9, 9],
]);

async function scored(entries: readonly (typeof at100)[], datasetOrder: DatasetOrder = "recorded"): Promise<RunState> {
  const { run } = await loadedState(entries);
  if (run.scores.status !== "ready") throw new Error("These scores were to be read.");
  return { ...run, scores: { ...run.scores, value: { ...run.scores.value, datasetOrder } } };
}

function createTold() {
  const events: FollowEvent[] = [];
  const teller = createBestTeller((found) => events.push(...found));
  return { teller, bests: () => events.flatMap((event) => (event.kind === "best" ? [event.best] : [])) };
}

describe("new bests", () => {
  it("are not those of the first look", async () => {
    const { teller, bests } = createTold();
    teller.tell(await scored([at100]));
    expect(bests()).toEqual([]);
  });

  it("are those that another iteration has taken over, or that there were none of", async () => {
    const { teller, bests } = createTold();
    teller.tell({ ...(await scored([at100])), scores: { status: "absent" } });
    teller.tell(await scored([at100]));
    expect(bests()).toContainEqual({
      dataset: "b",
      criterion: "voi",
      iteration: 100,
      parameters: biases[0],
      score: 4,
    });
    const known = bests().length;
    teller.tell(await scored([at100, at200]));
    const later = bests().slice(known);
    expect(new Set(later.map(({ dataset, iteration }) => `${dataset} ${iteration}`))).toEqual(new Set(["a 200"]));
  });

  it("wait until it is known whose they are", async () => {
    const { teller, bests } = createTold();
    teller.tell({ ...(await scored([at100])), scores: { status: "absent" } });
    teller.tell(await scored([at100], "resolving"));
    expect(bests()).toEqual([]);
    teller.tell(await scored([at100], "resolved"));
    expect(bests()).toHaveLength(6);
  });

  it("are not those of a file that was away for a while", async () => {
    const { teller, bests } = createTold();
    teller.tell(await scored([at100]));
    teller.tell({ ...(await scored([at100])), scores: { status: "absent" } });
    teller.tell(await scored([at100]));
    expect(bests()).toEqual([]);
  });
});
