import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { EngineModel } from "./engine.ts";
import { ModelParts, takeApart } from "./model-parts.ts";

const weights = fc.float32Array({ maxLength: 40, noNaN: false });
const tree = fc.letrec((tie) => ({
  node: fc.oneof({ depthSize: "small" }, weights, fc.string(), fc.integer(), tie("list"), tie("record")),
  list: fc.array(tie("node"), { maxLength: 4 }),
  record: fc.dictionary(fc.stringMatching(/^[a-z]{1,6}$/), tie("node"), { maxKeys: 4 }),
})).node;

describe("a model in parts", () => {
  it("is the same model on the other thread, whatever the pieces' size and order", () => {
    fc.assert(
      fc.property(tree, fc.integer({ min: 1, max: 64 }), fc.infiniteStream(fc.nat()), (network, pieceBytes, ranks) => {
        const model = { type: "network", network } as unknown as EngineModel;
        const taken = takeApart(model, pieceBytes);
        const parts = new ModelParts();
        const shuffled = taken.pieces.map((make) => ({ make, rank: ranks.next().value as number }));
        for (const { make } of shuffled.toSorted((a, b) => a.rank - b.rank)) {
          const piece = make();
          expect(piece.bytes.byteLength).toBeLessThanOrEqual(pieceBytes);
          parts.add(structuredClone(piece));
        }
        expect(parts.putTogether(structuredClone(taken.model))).toEqual(model);
      }),
    );
  });

  it("takes only what a view shows of a larger file", () => {
    const file = new Float32Array(1000).map((_, i) => i);
    const model = { type: "network", network: { weight: file.subarray(10, 30) } } as unknown as EngineModel;
    const { pieces } = takeApart(model, 16);
    expect(pieces).toHaveLength(5);
    expect(pieces[0]?.()).toMatchObject({ part: 0, total: 80, begin: 0 });
  });

  it("that fits into one piece stays as it is", () => {
    const model = { type: "network", network: { weight: new Float32Array(8) } } as unknown as EngineModel;
    expect(takeApart(model)).toEqual({ model, pieces: [] });
    expect(takeApart(model).model).toBe(model);
  });
});
