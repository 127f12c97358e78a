import { describe, expect, it } from "vitest";
import { createStore } from "zustand/vanilla";
import { trainedUntil } from "#dacapo/training-stats.ts";
import { StorageError } from "#storage/errors.ts";
import { FormatError } from "#storage/formats/format-error.ts";
import type { AppState, RunState } from "./app-state.ts";
import { emptyState } from "./empty-state.ts";
import { biases, entry, type FakeSource, fakeSource, found, losses, wholeVolumes } from "./fakes/fake-run.ts";
import type { FollowEvent } from "./follow-events.ts";
import { createRunFollower } from "./run-follower.ts";
import { newRun } from "./run-registry.ts";

function follow(source: FakeSource, now = () => 0) {
  const store = createStore<AppState>(() => ({
    ...emptyState,
    runs: { [source.url]: newRun(source) },
    runOrder: [source.url],
  }));
  const events: FollowEvent[] = [];
  const states: RunState[] = [];
  store.subscribe(({ runs }) => states.push(runs[source.url] as RunState));
  const follower = createRunFollower(store, source, {
    now,
    onEvents: (found) => events.push(...found),
    knownOrder: () => undefined,
  });
  return {
    events,
    states,
    look: () => follower.check(new AbortController().signal),
    run: () => store.getState().runs[source.url] as RunState,
    problems: () => store.getState().problems,
  };
}

/** 100 iterations and their validation. */
const first = entry(100, [
  [2, 3],
  [4, 5],
]);
const validatedOnce = () =>
  fakeSource({ training: found(losses(100)), scores: found([first]), volumes: [wholeVolumes(100)] });

const trained = (run: RunState) => (run.training.status === "ready" ? trainedUntil(run.training.value) : undefined);
const best = (run: RunState) => (run.scores.status === "ready" ? run.scores.value.best : []);

describe("following a run", () => {
  it("knows the raw of the only dataset while the scores are still read", async () => {
    const inputs = [{ dataset: "a", raw: true, gt: true }];
    let answer = (_: { readonly status: "absent" }): void => {};
    const scores = new Promise<{ readonly status: "absent" }>((resolve) => {
      answer = resolve;
    });
    const early = follow({ ...fakeSource(), findInputs: async () => inputs, readScores: () => scores });
    const looked = early.look();
    await expect.poll(() => early.run().inputs).toEqual(inputs);
    expect(early.run()).toMatchObject({ status: "loading", datasets: ["a"] });
    answer({ status: "absent" });
    await looked;
    expect(early.run().datasets).toEqual(["a", "b"]);
  });

  it("waits for the scores where several datasets could be shown", async () => {
    const both = ["a", "b"].map((dataset) => ({ dataset, raw: true, gt: true }));
    const { look, states } = follow({ ...fakeSource(), findInputs: async () => both });
    await look();
    expect(states.filter(({ status, inputs }) => status === "loading" && inputs.length > 0)).toEqual([]);
  });

  it("knows the volumes of what is to be shown while the other iterations are still looked for", async () => {
    const second = entry(200, [
      [9, 9],
      [9, 9],
    ]);
    const volumes = [wholeVolumes(100), wholeVolumes(200)];
    const { look, states } = follow(
      fakeSource({ training: found(losses(200)), scores: found([first, second]), volumes }),
    );
    await look();
    const early = states.filter((run) => run.status === "loading" && run.volumes.length > 0);
    expect(early.map((run) => run.volumes)).toContainEqual([wholeVolumes(100)]); // that of the best score
    expect(early.every((run) => run.inputs.length === 2)).toBe(true);
    expect(states.at(-1)).toMatchObject({ status: "ready", volumes });
    await look(); // what is there is not taken back by another search
    expect(states.at(-1)?.volumes).toEqual(volumes);
  });

  it("says of a server that answers everything with a page that it does, where nothing else was found", async () => {
    const message = "https://data.example.org/affs gave a web page.";
    const checkAnswers = async () => {
      throw new StorageError({
        tag: "wrong-content",
        subject: "https://data.example.org/affs",
        message,
        hint: "Log in.",
      });
    };
    const absent = { ...fakeSource(), findInputs: async () => [], readConfig: async () => undefined, checkAnswers };
    const bare = follow({
      ...absent,
      findVolumes: async () => ({
        ...{ volumes: [], inputs: [], storedBest: [], checkpoints: [], unreadable: [] },
        ...{ hasSnapshots: false, isListed: false },
      }),
    });
    await bare.look();
    expect(bare.run().status).toBe("error");
    const failures = (followed: ReturnType<typeof follow>) =>
      followed.problems().filter(({ severity }) => severity === "error");
    expect(failures(bare)).toEqual([expect.objectContaining({ message: expect.stringContaining(message) })]);
    const held = follow({ ...fakeSource({ training: found(losses(10)) }), checkAnswers });
    await held.look();
    expect(failures(held)).toEqual([]);
  });

  it("shows losses, scores, bests and volumes after the first look, and tells nothing", async () => {
    const source = fakeSource({
      training: found(losses(200)),
      scores: found([
        first,
        entry(200, [
          [3, 1],
          [4, 6],
        ]),
      ]),
      volumes: [wholeVolumes(100), wholeVolumes(200)],
    });
    const { look, run, events } = follow(source);
    expect(await look()).toBe(true);
    expect(run().status).toBe("ready");
    expect(trained(run())).toBe(200);
    expect(run().datasets).toEqual(["a", "b"]);
    expect(best(run())).toContainEqual({
      dataset: "a",
      criterion: "voi",
      iteration: 200,
      parameters: biases[1],
      score: 1,
    });
    expect(best(run())).toContainEqual({
      dataset: "b",
      criterion: "voi",
      iteration: 100,
      parameters: biases[0],
      score: 4,
    });
    expect(events).toEqual([]);
  });

  it("costs conditional requests only while nothing changes", async () => {
    const source = validatedOnce();
    const { look } = follow(source);
    await look();
    const before = { ...source.looks };
    await look();
    await look();
    expect(source.looks).toEqual(before);
  });

  it("tells a new validation", async () => {
    const source = validatedOnce();
    const { look, events } = follow(source);
    await look();
    source.disk.scores = found([
      first,
      entry(200, [
        [1, 3],
        [9, 9],
      ]),
    ]);
    source.disk.volumes = [wholeVolumes(100), wholeVolumes(200)];
    await look();
    expect(events).toEqual([{ kind: "validation", run: source.url, iteration: 200 }]);
  });

  it("shows new scores together with their volumes: no best without its layers in between", async () => {
    const source = validatedOnce();
    const { look, states } = follow(source);
    await look();
    const before = states.length;
    source.disk.scores = found([
      first,
      entry(200, [
        [0, 0],
        [0, 0],
      ]),
    ]);
    source.disk.volumes = [wholeVolumes(100), wholeVolumes(200)];
    await look();
    const later = states.slice(before);
    expect(later.some((run) => best(run).some(({ iteration }) => iteration === 200))).toBe(true);
    for (const run of later) {
      const shown = run.volumes.map(({ iteration }) => iteration);
      for (const { iteration } of best(run)) expect(shown).toContain(iteration);
    }
  });

  it.each(["torn", "absent"] as const)("keeps what it has while the scores are %s for a moment", async (state) => {
    const source = validatedOnce();
    const { look, run, problems } = follow(source);
    await look();
    const written = source.disk.scores;
    source.disk.scores = { state };
    source.disk.training = { state };
    await look();
    await look();
    expect(best(run())).not.toEqual([]);
    expect(trained(run())).toBe(100);
    expect(problems()).toEqual([]);
    source.disk.scores = written;
    await look();
    expect(run().scores.status).toBe("ready");
  });

  it("calls the scores gone when they stay away", async () => {
    const source = validatedOnce();
    const { look, run, problems } = follow(source);
    await look();
    source.disk.scores = { state: "absent" };
    for (let i = 0; i < 3; i += 1) await look();
    expect(run().scores.status).toBe("absent");
    expect(run().status).toBe("partial");
    expect(problems().map(({ code }) => code)).toEqual(["no-scores"]);
  });

  it("never calls a torn file gone, however long it is torn", async () => {
    const source = fakeSource({ training: found(losses(100)) });
    const { look, run } = follow(source);
    await look();
    source.disk.training = { state: "torn" };
    for (let i = 0; i < 10; i += 1) await look();
    expect(trained(run())).toBe(100);
  });

  it("calls a file broken that stays cut off, names it, and keeps what it has", async () => {
    const source = validatedOnce();
    const { look, run, problems } = follow(source);
    await look();
    source.disk.scores = { state: "torn", version: 1000 };
    await look();
    await look();
    expect(problems()).toEqual([]);
    await look();
    const [problem] = problems();
    expect(problem).toMatchObject({ code: "torn", subject: "https://data.example.org/stats/validation_scores/affs" });
    expect(problem?.hint).toContain("Copy it again");
    expect(best(run())).not.toEqual([]);
    source.disk.scores = found([first]);
    await look();
    expect(problems()).toEqual([]);
  });

  it("calls a file broken at once that was cut off long ago", async () => {
    const source = fakeSource({ training: { state: "torn", version: 1000 } });
    const { look, run, problems } = follow(source, () => 2_000_000);
    await look();
    expect(problems().map(({ subject }) => subject)).toContain("https://data.example.org/stats/training_stats/affs");
    expect(run().training.status).toBe("failed");
  });

  it.each([
    ["training", "https://data.example.org/stats/training_stats/affs"],
    ["scores", "https://data.example.org/stats/validation_scores/affs"],
  ] as const)("names the file of the %s where it is not what DaCapo writes", async (file, subject) => {
    const message = "The pickle asks for os.system.";
    const refused = () => Promise.reject(new FormatError({ tag: "refused", format: "pickle", message }));
    const source = fakeSource();
    const { look, run, problems } = follow({
      ...source,
      ...(file === "training" ? { readTraining: refused } : { readScores: refused }),
    });
    await look();
    expect(problems().find(({ code }) => code === "refused")).toMatchObject({ subject, message });
    expect(run()[file].status).toBe("failed");
  });

  it("replaces the losses after a rewind, says so, and has volumes read anew", async () => {
    const source = fakeSource({
      training: found(losses(300)),
      scores: found([first]),
      volumes: [wholeVolumes(100)],
    });
    const { look, run, events } = follow(source);
    await look();
    source.disk.training = found(losses(100));
    await look();
    expect(trained(run())).toBe(100);
    expect(events).toContainEqual({ kind: "rewind", run: source.url, from: 300, to: 100 });
    expect(run().generation).toBe(1);
  });

  it("keeps what it has while the server cannot be reached, and counts the failures", async () => {
    const source = fakeSource({
      training: found(losses(100)),
      scores: found([first]),
    });
    const { look, run, problems } = follow(source);
    await look();
    const subject = "https://data.example.org/stats/training_stats/affs";
    source.disk.failing = new StorageError({
      tag: "unreachable",
      subject,
      message: "No answer.",
      hint: "Is it running?",
    });
    expect(await look()).toBe(false);
    await look();
    expect(run().freshness.failures).toBe(2);
    expect(trained(run())).toBe(100);
    expect(problems().map(({ code }) => code)).toContain("unreachable");
    source.disk.failing = undefined;
    expect(await look()).toBe(true);
    expect(run().freshness.failures).toBe(0);
    expect(problems()).toEqual([]);
  });

  it("says what is missing of a run that has only a configuration", async () => {
    const source = fakeSource();
    const { look, run, problems } = follow(source);
    await look();
    expect(run().status).toBe("partial");
    expect(
      problems()
        .map(({ code }) => code)
        .toSorted(),
    ).toEqual(["no-scores", "no-training"]);
  });

  it("calls a training finished, training or stale by its iterations and the age of its files", async () => {
    const source = fakeSource({ training: found(losses(1000)) });
    const done = follow(source);
    await done.look();
    expect(done.run().phase).toBe("finished");
    const file = found(losses(10));
    const at = file.state === "found" ? file.version * 1000 : 0;
    const live = follow(fakeSource({ training: file }), () => at + 60_000);
    await live.look();
    expect(live.run().phase).toBe("training");
    const old = follow(fakeSource({ training: file }), () => at + 86_400_000);
    await old.look();
    expect(old.run().phase).toBe("stale");
  });
});
