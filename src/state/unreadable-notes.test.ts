import { describe, expect, it } from "vitest";
import { createStore } from "zustand/vanilla";
import type { AppState } from "./app-state.ts";
import { emptyState } from "./empty-state.ts";
import { entry, type FakeDisk, fakeSource, found, losses, wholeVolumes } from "./fakes/fake-run.ts";
import { createRunFollower } from "./run-follower.ts";
import { newRun } from "./run-registry.ts";

const gt = { path: "validation.zarr/inputs/a/gt/.zarray", found: "torn" } as const;
const prediction = { path: "validation.zarr/1000/ds_a/prediction/.zattrs", found: "missing" } as const;
const scored = (iteration: number) =>
  found([
    entry(iteration, [
      [2, 3],
      [4, 5],
    ]),
  ]);

/** `minutes` after the files were written. */
async function lookAt(disk: Partial<FakeDisk>, minutes = 0) {
  const source = fakeSource(disk);
  const store = createStore<AppState>(() => ({
    ...emptyState,
    runs: { [source.url]: newRun(source) },
    runOrder: [source.url],
  }));
  const follower = createRunFollower(store, source, {
    now: () => minutes * 60_000,
    onEvents: () => undefined,
    knownOrder: () => undefined,
  });
  const look = () => follower.check(new AbortController().signal);
  const warnings = () => store.getState().problems.filter(({ code }) => code === "array-unreadable");
  await look();
  return { source, store, look, warnings, run: () => store.getState().runs[source.url] };
}

describe("an array that cannot be opened", () => {
  it("is a warning that names the file once the training is finished", async () => {
    const { run, warnings } = await lookAt({
      training: found(losses(1000)),
      scores: scored(1000),
      unreadable: [gt, prediction],
    });
    expect(run()?.phase).toBe("finished");
    expect(warnings().map(({ subject, severity }) => [subject, severity])).toEqual([
      [`https://data.example.org/affs/${gt.path}`, "warning"],
      [`https://data.example.org/affs/${prediction.path}`, "warning"],
    ]);
    expect(warnings()[0]?.message).toContain("inputs/a/gt");
    expect(warnings()[0]?.message).toContain(".zarray is not complete JSON");
    expect(warnings()[1]?.message).toContain(".zattrs is missing");
  });

  it("is in progress while a training writes, also while the last validation of all is under way", async () => {
    const training = await lookAt({ training: found(losses(100)), unreadable: [gt, prediction] });
    expect([training.run()?.phase, training.warnings()]).toEqual(["training", []]);
    const last = await lookAt({ training: found(losses(1000)), scores: scored(900), unreadable: [prediction] });
    expect([last.run()?.phase, last.warnings()]).toEqual(["finished", []]);
  });

  it("is broken when nothing was written for long", async () => {
    const stale = await lookAt({ training: found(losses(100)), unreadable: [gt] }, 60);
    expect(stale.run()?.phase).toBe("stale");
    expect(stale.warnings()).toHaveLength(1);
    const last = await lookAt({ training: found(losses(1000)), scores: scored(900), unreadable: [prediction] }, 60);
    expect(last.warnings()).toHaveLength(1);
  });

  it("of the inputs is broken as soon as there are scores: they were copied before", async () => {
    const { warnings } = await lookAt({
      training: found(losses(100)),
      scores: scored(100),
      unreadable: [gt, prediction],
    });
    expect(warnings().map(({ subject }) => subject)).toEqual([`https://data.example.org/affs/${gt.path}`]);
  });

  it("is told once, so that it can be dismissed, and forgotten when it is whole", async () => {
    const { source, store, look, warnings } = await lookAt({
      training: found(losses(1000)),
      scores: scored(1000),
      volumes: [wholeVolumes(1000)],
      unreadable: [gt],
    });
    store.setState({ problems: [] });
    await look();
    expect(warnings()).toEqual([]);
    source.disk.unreadable = [gt, prediction];
    source.disk.scores = scored(1000);
    await look();
    expect(warnings()).toHaveLength(2);
    source.disk.unreadable = [];
    source.disk.scores = scored(1000);
    await look();
    expect(warnings()).toEqual([]);
  });
});
