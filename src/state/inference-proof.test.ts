import { describe, expect, it, vi } from "vitest";
import { compareVoxels } from "#inference/parity-compare.ts";
import { toVerdict, worstVerdict } from "#inference/parity-verdict.ts";
import { proveOrRecall } from "./inference-proof.ts";
import type { KeyValue } from "./recents.ts";

function createStorage(first?: string): KeyValue & { readonly text: () => string | null } {
  let text: string | null = first ?? null;
  return {
    getItem: () => text,
    setItem: (_, value) => {
      text = value;
    },
    text: () => text,
  };
}

function toProof(difference: number) {
  const verdicts = [toVerdict({ reference: "processor", comparison: compareVoxels([0], [difference]) })];
  return { begin: [0], end: [1], verdicts, verdict: worstVerdict(verdicts) };
}

describe("a proof", () => {
  it("is made once for a network on a device, and again for another", async () => {
    const storage = createStorage();
    const prove = vi.fn(async () => toProof(0.5));
    const first = await proveOrRecall(storage, "unet on a GPU", prove);
    const again = await proveOrRecall(storage, "unet on a GPU", prove);
    expect(first).toMatchObject({ level: "refuse", maxDifference: 0.5, remembered: false });
    expect(again).toEqual({ ...first, remembered: true });
    await proveOrRecall(storage, "unet on the processor", prove);
    expect(prove).toHaveBeenCalledTimes(2);
  });

  it("keeps a difference without bound, which JSON does not know", async () => {
    const storage = createStorage();
    await proveOrRecall(storage, "key", async () => toProof(Number.NaN));
    const again = await proveOrRecall(storage, "key", () => Promise.reject(new Error("compared twice")));
    expect(again).toMatchObject({ level: "refuse", maxDifference: Number.POSITIVE_INFINITY });
  });

  it("is made anew where what was kept is damaged, and keeps the last hundred", async () => {
    const storage = createStorage('[["key",{"level":"fine"}]]');
    expect(await proveOrRecall(storage, "key", async () => toProof(0))).toMatchObject({ level: "ok" });
    for (let i = 0; i < 120; i++) await proveOrRecall(storage, `key ${i}`, async () => toProof(0));
    expect(JSON.parse(storage.text() ?? "[]")).toHaveLength(100);
  });

  it("of nothing to compare with is none, and is not remembered", async () => {
    const storage = createStorage();
    const nothing = async () => ({ begin: [0], end: [1], verdicts: [], verdict: undefined });
    expect(await proveOrRecall(storage, "key", nothing)).toBeUndefined();
    expect(storage.text()).toBeNull();
  });
});
