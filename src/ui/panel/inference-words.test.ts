import { describe, expect, it } from "vitest";
import type { InferenceState } from "#state/app-state.ts";
import { toActivity, toBadge, toNetworkFacts, toPace, toSize } from "./inference-words.ts";

const state = (part: Partial<InferenceState>): InferenceState => ({
  run: "https://example.org/run",
  iteration: 800,
  dataset: "vnc_crop_a",
  generation: 1,
  device: "wasm",
  status: "running",
  blocksDone: 0,
  blocksQueued: 0,
  ...part,
});

describe("what the screen says of a network at work", () => {
  it("writes bytes in powers of ten", () => {
    expect([0, 999, 1000, 4_812_345, 123_456_789, 2.5e9].map(toSize)).toEqual([
      "0 B",
      "999 B",
      "1.0 kB",
      "4.8 MB",
      "123 MB",
      "2.5 GB",
    ]);
  });

  it("tells how much of the checkpoint has come, also where its size is not known", () => {
    const loading = (download?: InferenceState["download"]) =>
      toActivity(state({ status: "loading", ...(download && { download }) }));
    expect(loading()).toBe("Loading the checkpoint");
    expect(loading({ loaded: 1_200_000 })).toBe("Loading the checkpoint: 1.2 MB");
    expect(loading({ loaded: 1_200_000, total: 4_800_000 })).toBe("Loading the checkpoint: 1.2 MB of 4.8 MB");
    expect(loading({ loaded: 4_800_000, total: 4_800_000 })).toBe("Preparing the network: 4.8 MB loaded");
  });

  it("tells a pause, which keeps what is queued, from a stop, which does not", () => {
    expect(toActivity(state({ blocksDone: 1, blocksQueued: 1200 }))).toBe("Running: 1 block done, 1,200 queued");
    expect(toActivity(state({ status: "paused", blocksDone: 3, blocksQueued: 2 }))).toBe(
      "Paused: 3 blocks done, 2 queued",
    );
    expect(toActivity(state({ status: "paused", blocksDone: 3 }))).toBe("Stopped: 3 blocks done");
    expect(toActivity(state({ status: "idle" }))).toBe("Ready: nothing in view is computed yet");
    expect(toActivity(state({ status: "idle", blocksDone: 4 }))).toBe("All that is in view is there: 4 blocks done");
  });

  it("gives no remaining time before there is one, or when nothing runs", () => {
    expect(toPace(state({}))).toBe("– a second");
    expect(toPace(state({ blocksPerSecond: 0.7512, remainingSeconds: 12.2 }))).toBe(
      "0.75 blocks a second, about 13 s left",
    );
    expect(toPace(state({ blocksPerSecond: 2, remainingSeconds: 600 }))).toBe("2 blocks a second, about 10 min left");
    expect(toPace(state({ status: "idle", blocksPerSecond: 2, remainingSeconds: 0 }))).toBe("2 blocks a second");
  });

  it("lists the network's size and shapes once they are known", () => {
    const card = {
      parameterCount: 1_234_567,
      channels: ["z", "y"],
      receptiveField: [5, 45, 45],
      fetchedBytes: 5e6,
      fileBytes: 15e6,
    };
    const block = {
      ...{ outputShape: [8, 76, 76], inputShape: [12, 120, 120] },
      ...{ context: [90, 198, 198], memoryBytes: 42e6 },
    };
    expect(new Map(toNetworkFacts(state({ card, block, memoryBytes: 2e6 })))).toEqual(
      new Map<string, string | undefined>([
        ["device", "processor"],
        ["because", undefined],
        ["precision", undefined],
        ["weights", "1,234,567"],
        ["fetched", "5.0 MB of 15.0 MB"],
        ["activation", "none"],
        ["channels", "z, y"],
        ["sees", "5 × 45 × 45 voxels"],
        ["block", "8 × 76 × 76 voxels, from 12 × 120 × 120 of the raw"],
        ["context", "90 × 198 × 198 nm around a block"],
        ["memory", "at most 42.0 MB for a block, 2.0 MB of finished blocks"],
      ]),
    );
  });

  it("says that a device has no half precision where that was asked for", () => {
    const toFact = (part: Partial<InferenceState>) => new Map(toNetworkFacts(state(part))).get("precision");
    expect(toFact({ precision: "f16", settings: { halfPrecision: true } })).toBe("half");
    expect(toFact({ precision: "f32", settings: { halfPrecision: true } })).toMatch(/^single: this device/);
    expect(toFact({ precision: "f32" })).toBeUndefined();
  });

  it("never calls a difference small that has no size, nor a device wrong for what upstream changed", () => {
    const parity = { level: "ok", maxDifference: 3e-7, excused: false, sentences: [], remembered: false } as const;
    expect(toBadge(parity)).toBe("agrees, max difference 3.0e-7");
    expect(toBadge({ ...parity, level: "refuse", maxDifference: Number.POSITIVE_INFINITY })).toBe(
      "wrong, max difference ∞",
    );
    expect(toBadge({ ...parity, maxDifference: 2.5, excused: true })).toBe("not comparable, max difference 2.5e+0");
  });
});
