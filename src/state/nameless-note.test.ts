import { describe, expect, it } from "vitest";
import type { RunState } from "./app-state.ts";
import { entry } from "./fakes/fake-run.ts";
import { loadedState } from "./fakes/run-state.ts";
import { toNamelessNotes } from "./nameless-note.ts";

const scored = [
  entry(100, [
    [2, 3],
    [4, 5],
  ]),
];

/** Of two datasets, whose names only the disk could tell. */
async function unrecorded(part: Partial<RunState>): Promise<RunState> {
  const { run } = await loadedState(scored);
  if (run.scores.status !== "ready") throw new Error("These scores were to be read.");
  const { value } = run.scores;
  const scores = { ...value.scores, datasets: ["dataset 0", "dataset 1"] };
  return {
    ...run,
    ...{ config: { status: "absent" }, inputs: [], volumes: [], isListed: false },
    scores: { ...run.scores, value: { ...value, scores } },
    ...part,
  };
}

describe("a run whose datasets' names are recorded nowhere", () => {
  it("needs to be told one where the server lists nothing", async () => {
    const [note, ...others] = toNamelessNotes(await unrecorded({}));
    expect(others).toEqual([]);
    expect(note?.message).toContain("lists no files, and the run does not record its datasets' names;");
    expect(note?.message).toContain("add &dataset=NAME to the address");
  });

  it("says which of several is known", async () => {
    const inputs = [{ dataset: "crop_a", raw: true, gt: true }];
    const [note] = toNamelessNotes(await unrecorded({ inputs }));
    expect(note?.message).toContain("(only crop_a is known)");
  });

  it("needs nothing where the server lists its files, or before the first validation", async () => {
    expect(toNamelessNotes(await unrecorded({ isListed: true }))).toEqual([]);
    expect(toNamelessNotes(await unrecorded({ scores: { status: "absent" } }))).toEqual([]);
  });
});

it("a run that records its datasets' names needs nothing", async () => {
  const { run } = await loadedState(scored);
  expect(toNamelessNotes({ ...run, isListed: false, volumes: [], inputs: [] })).toEqual([]);
});
