import { describe, expect, test } from "vitest";
import { fuzzNetworks, loadNetworkSeeds } from "./fuzz-networks.ts";

const total = 100_000;
const share = 10_000;
const seeds = loadNetworkSeeds();
const outcomes = new Map<string, number>();

describe("100,000 hostile checkpoints and .onnx files", () => {
  test.each(Array.from({ length: total / share }, (_, part) => part * share))(
    "are each read or refused, from number %d",
    { timeout: 120_000 },
    (first) => {
      const report = fuzzNetworks(share, first, seeds);
      expect(report.failures).toEqual([]);
      for (const [outcome, times] of report.outcomes) outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + times);
    },
  );

  test.each([
    ["checkpoint", ["rebuilt", "misfit", "malformed", "torn", "refused"]],
    ["onnx", ["read", "unsupported", "malformed", "torn"]],
  ])("reach every end of the %s reader, so they are neither all sound nor all noise", (kind, ends) => {
    for (const end of ends) expect(outcomes.get(`${kind}: ${end}`) ?? 0, end).toBeGreaterThan(100);
  });
});
