import { describe, expect, it } from "vitest";
import type { AppState, CompareState } from "./app-state.ts";
import { swapCompared, toCompared } from "./compare-commands.ts";
import { comparedOf, toSecondPlace, withSecond } from "./compared.ts";
import { isListed } from "./comparison.ts";
import { biases, entry } from "./fakes/fake-run.ts";
import { loadedState } from "./fakes/run-state.ts";
import { planLayers } from "./plan-layers.ts";
import { selectedRun, shownOf } from "./selectors.ts";

const entries = [100, 200, 300].map((iteration, n) =>
  entry(iteration, [
    [4 - n, 5],
    [2, 3],
  ]),
);

async function stateWith(compare: CompareState | undefined, selection: AppState["selection"] = {}): Promise<AppState> {
  const { state } = await loadedState(entries);
  return { ...state, compare, selection: { dataset: "a", iteration: 300, ...selection } };
}

function planVolumes(state: AppState) {
  const run = selectedRun(state);
  return run === undefined ? [] : withSecond(planLayers(run, shownOf(state)), state);
}

const viewsOf = (state: AppState) => planVolumes(state).map(({ name, views }) => [name, views]);

describe("B beside what is shown", () => {
  it("is drawn in a view of its own, with the raw and gt of both", async () => {
    const state = await stateWith({ mode: "side", iteration: 100 });
    expect(viewsOf(state)).toEqual([
      ["raw", "both"],
      ["prediction", undefined],
      ["segmentation", undefined],
      ["best", undefined],
      ["prediction B", "second"],
      ["segmentation B", "second"],
      ["gt", "both"],
    ]);
    const b = planVolumes(state).filter(({ views }) => views === "second");
    expect(b.map(({ iteration, looksLike }) => [iteration, looksLike])).toEqual([
      [100, "prediction"],
      [100, "segmentation"],
    ]);
  });

  it("changes nothing of what is shown", async () => {
    const [alone, beside] = [await stateWith(undefined), await stateWith({ mode: "swipe", iteration: 100 })];
    const first = (state: AppState) =>
      planVolumes(state)
        .filter(({ views }) => views !== "second")
        .map(({ name, path }) => [name, path]);
    expect(first(beside)).toEqual(first(alone));
  });

  it("is of the same iteration where only other parameters are compared", async () => {
    const parameters = biases[1] ?? "";
    const compared = comparedOf(await stateWith({ mode: "side", parameters }, { parameters: biases[0] ?? "" }));
    expect(compared?.shown).toMatchObject({ iteration: 300, parameters });
  });

  it("is made of both where they are subtracted, the predictions first to be seen", async () => {
    const state = await stateWith({ mode: "difference", iteration: 100 });
    const second = planVolumes(state).filter(({ views }) => views === "second");
    expect(second.map(({ name, visible, of }) => [name, visible, of?.map(({ iteration }) => iteration)])).toEqual([
      ["difference", true, [300, 100]],
      ["agreement", false, [300, 100]],
    ]);
  });

  it.each([
    [{ mode: "side", iteration: 150 }, /has nothing of iteration 150/],
    [{ mode: "side", run: "http://localhost/gone" }, /not open any more/],
    [{ mode: "side", iteration: 300 }, /B is what A is/],
  ] as const)("says why there is nothing of %j", async (compare, reason) => {
    expect(comparedOf(await stateWith(compare))?.reason).toMatch(reason);
  });

  it("is placed beside, over from the divider on, or over all; a held key turns it over", async () => {
    const place = async (mode: CompareState["mode"], peeking: boolean) =>
      toSecondPlace({ ...(await stateWith({ mode, iteration: 100 })), split: 0.3, peeking });
    expect(await place("side", false)).toEqual({ where: "beside" });
    expect(await place("swipe", false)).toEqual({ where: "over", split: 0.3 });
    expect(await place("swipe", true)).toEqual({ where: "over", split: 0 });
    expect(await place("difference", false)).toEqual({ where: "over", split: 0 });
    expect(await place("difference", true)).toEqual({ where: "over", split: 1 });
    expect(toSecondPlace(await stateWith({ mode: "side", iteration: 150 }))).toBeUndefined();
  });

  it("has no rows of its own in the legend, as it looks like A; a difference hides A's", async () => {
    const layers = planVolumes(await stateWith({ mode: "difference", iteration: 100 })).map(({ name }) => ({ name }));
    const listed = (mode: CompareState["mode"], names: readonly { readonly name: string }[]) =>
      names
        .map(({ name }) => name)
        .filter((name) =>
          isListed({ compare: { mode }, layers: names } as unknown as Parameters<typeof isListed>[0], name),
        );
    expect(listed("difference", layers)).toEqual(["raw", "difference", "agreement", "gt"]);
    expect(listed("side", [{ name: "prediction" }, { name: "prediction B" }])).toEqual(["prediction"]);
  });
});

describe("beginning to compare", () => {
  it("takes the best, and where that is shown the validation before it", async () => {
    const worse = await stateWith(undefined, { iteration: 100 });
    const best = toCompared(worse, {}).compare?.iteration;
    expect(best).toBe(300);
    const { compare } = toCompared(await stateWith(undefined, { iteration: 300 }), { mode: "swipe" });
    expect(compare).toEqual({ mode: "swipe", iteration: 200 });
  });

  it("begins to swipe where the divider cuts a panel", async () => {
    const state = await stateWith(undefined);
    expect(toCompared({ ...state, view: { layout: "4panel" } }, { mode: "swipe" }).split).toBe(0.25);
    expect(toCompared({ ...state, view: { layout: "xy" } }, { mode: "swipe" }).split).toBe(0.5);
  });

  it("is exchanged without anything else being shown", async () => {
    const state = await stateWith({ mode: "swipe", iteration: "best" }, { iteration: 100 });
    const of = (each: AppState) => [shownOf(each), comparedOf(each)?.shown].map((shown) => shown?.iteration);
    expect(of({ ...state, ...swapCompared(state) })).toEqual(of(state).toReversed());
  });
});
