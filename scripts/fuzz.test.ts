import { describe, expect, test } from "vitest";
import { fuzzFormats } from "./fuzz-formats.ts";
import { loadFuzzSeeds } from "./fuzz-seeds.ts";

const total = 200_000;
const share = 10_000;
const seeds = loadFuzzSeeds();
const outcomes = new Map<string, number>();

describe("200,000 hostile pickles, YAMLs, attributes and exports", () => {
  test.each(Array.from({ length: total / share }, (_, part) => part * share))(
    "are each read or refused, from number %d",
    { timeout: 120_000 },
    (first) => {
      const report = fuzzFormats(share, first, seeds);
      expect(report.failures).toEqual([]);
      for (const [outcome, times] of report.outcomes) outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + times);
    },
  );

  test.each(["pickle", "yaml", "attributes", "stats json"])(
    "reach every end of the %s readers, so they are neither all sound nor all noise",
    (kind) => {
      const times = ["read", "malformed", "torn"].map((outcome) => outcomes.get(`${kind}: ${outcome}`) ?? 0);
      expect(Math.min(...times)).toBeGreaterThan(500);
    },
  );

  test("ask for what is not on the allow-list thousands of times, in vain", () => {
    expect(outcomes.get("pickle: refused") ?? 0).toBeGreaterThan(5000);
  });
});
