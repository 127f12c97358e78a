import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { createInlineStatsReader } from "./inline-stats-reader.ts";
import { answerStatsRequest, type StatsRequest, type StatsResponse } from "./stats-messages.ts";
import { createStatsReader, type StatsWorker } from "./stats-reader.ts";

const readFixture = (name: string) =>
  new Uint8Array(readFileSync(new URL(`./formats/fixtures/${name}`, import.meta.url)));
const training = readFixture("training_protocol4.pickle");
const scores = readFixture("scores_numpy2_protocol4.pickle");

/** A worker that answers when told to, through real structured clones, so that what cannot cross a thread fails here too. */
class HeldWorker implements StatsWorker {
  onmessage: StatsWorker["onmessage"] = null;
  onerror: StatsWorker["onerror"] = null;
  readonly requests: StatsRequest[] = [];
  terminated = false;

  postMessage(request: StatsRequest, transfer: Transferable[]): void {
    this.requests.push(structuredClone(request, { transfer: transfer as ArrayBuffer[] }));
  }
  terminate(): void {
    this.terminated = true;
  }
  answer(): void {
    const request = this.requests.shift();
    if (request !== undefined) answerStatsRequest(request, (response, transfer) => this.send(response, transfer));
  }
  send(response: StatsResponse, transfer: Transferable[] = []): void {
    const data = structuredClone(response, { transfer: transfer as ArrayBuffer[] });
    if (!this.terminated) this.onmessage?.(new MessageEvent("message", { data }));
  }
}

function createHeld() {
  const workers: HeldWorker[] = [];
  const start = () => {
    const worker = new HeldWorker();
    workers.push(worker);
    return worker;
  };
  const at = (index: number): HeldWorker => workers[index] ?? start();
  return { reader: createStatsReader(start), workers, at };
}

describe("reading statistics on another thread", () => {
  test("gives the same values as reading them here", async () => {
    const { reader, at } = createHeld();
    const inline = createInlineStatsReader();
    const losses = reader.read("training", "pickle", training);
    at(0).answer();
    expect(await losses).toEqual(await inline.read("training", "pickle", training));
    const values = reader.read("validation", "pickle", scores);
    at(0).answer();
    expect(await values).toEqual(await inline.read("validation", "pickle", scores));
  });

  test("leaves the caller's bytes alone, unless they are given away", async () => {
    const { reader, at } = createHeld();
    const kept = training.slice();
    const given = training.slice();
    const both = [
      reader.read("training", "pickle", kept),
      reader.read("training", "pickle", given, { takeBytes: true }),
    ];
    at(0).answer();
    at(0).answer();
    await Promise.all(both);
    expect([kept.length, given.length]).toEqual([training.length, 0]);
  });

  test("tells a torn file and a refused one apart on this side too", async () => {
    const { reader, at } = createHeld();
    const torn = reader.read("training", "pickle", training.subarray(0, 100));
    at(0).answer();
    await expect(torn).rejects.toMatchObject({ name: "FormatError", tag: "torn", format: "pickle" });
    const hostile = reader.read("validation", "pickle", readFixture("hostile_protocol4.pickle"));
    at(0).answer();
    await expect(hostile).rejects.toMatchObject({ tag: "refused", refused: expect.stringMatching(/ system$/) });
  });

  test("reports progress through a long file", async () => {
    const { reader, at } = createHeld();
    const seen: number[][] = [];
    const reading = reader.read("training", "pickle", training, {
      onProgress: (done, total) => seen.push([done, total]),
    });
    at(0).send({ id: 0, type: "progress", done: 5, total: 10 });
    at(0).send({ id: 99, type: "progress", done: 6, total: 10 });
    at(0).answer();
    await reading;
    expect(seen).toEqual([[5, 10]]);
  });

  test("reads one file at a time, in order", async () => {
    const { reader, workers, at } = createHeld();
    const first = reader.read("training", "pickle", training);
    const second = reader.read("validation", "pickle", scores);
    expect(at(0).requests.map(({ kind }) => kind)).toEqual(["training"]);
    at(0).answer();
    await first;
    expect(at(0).requests.map(({ kind }) => kind)).toEqual(["validation"]);
    at(0).answer();
    expect(await second).toHaveLength(2);
    expect(workers).toHaveLength(1);
  });
});

describe("giving up", () => {
  test("ends the thread of a read under way, and starts the next on a new one", async () => {
    const { reader, workers, at } = createHeld();
    const controller = new AbortController();
    const first = reader.read("training", "pickle", training, { signal: controller.signal });
    const second = reader.read("validation", "pickle", scores);
    controller.abort();
    await expect(first).rejects.toMatchObject({ name: "AbortError" });
    expect(workers.map(({ terminated }) => terminated)).toEqual([true, false]);
    at(1).answer();
    expect(await second).toHaveLength(2);
  });

  test("drops a read that waits, without disturbing the one under way", async () => {
    const { reader, workers, at } = createHeld();
    const controller = new AbortController();
    const first = reader.read("training", "pickle", training);
    const second = reader.read("training", "pickle", training, { signal: controller.signal });
    controller.abort();
    await expect(second).rejects.toMatchObject({ name: "AbortError" });
    at(0).answer();
    expect((await first).iterations).toHaveLength(6);
    expect([workers.length, at(0).requests.length]).toEqual([1, 0]);
  });

  test("does not begin when the signal is aborted already", async () => {
    const { reader, workers } = createHeld();
    await expect(reader.read("training", "pickle", training, { signal: AbortSignal.abort() })).rejects.toMatchObject({
      name: "AbortError",
    });
    expect(workers).toHaveLength(0);
  });

  test("says that the thread ended by itself, and reads on", async () => {
    const { reader, workers, at } = createHeld();
    const first = reader.read("training", "pickle", training);
    at(0).onerror?.(new Event("error") as ErrorEvent);
    await expect(first).rejects.toMatchObject({ name: "StatsReaderError", tag: "crashed" });
    const second = reader.read("training", "pickle", training);
    at(1).answer();
    expect((await second).iterations).toHaveLength(6);
    expect(workers).toHaveLength(2);
  });

  test("says so where no thread can be started", async () => {
    const reader = createStatsReader(() => {
      throw new Error("blocked");
    });
    await expect(reader.read("training", "pickle", training)).rejects.toMatchObject({ tag: "crashed" });
  });

  test("dispose ends everything", async () => {
    const { reader, workers } = createHeld();
    const reads = [reader.read("training", "pickle", training), reader.read("training", "pickle", training)];
    reader.dispose();
    const results = await Promise.allSettled([...reads, reader.read("training", "pickle", training)]);
    expect(results.map((result) => result.status === "rejected" && result.reason.tag)).toEqual([
      "disposed",
      "disposed",
      "disposed",
    ]);
    expect(workers.map(({ terminated }) => terminated)).toEqual([true]);
  });
});
