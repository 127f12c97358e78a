import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { agreements, createObjectMatching, toAgreement } from "./agreement.ts";

const { neither, same, onlyFirst, onlySecond, different } = agreements;

function match(first: BigUint64Array, second: BigUint64Array): readonly number[] {
  const matching = createObjectMatching();
  matching.add(first, second);
  return [...matching.toAgreement(first, second)];
}

const labels = (...ids: readonly number[]) => BigUint64Array.from(ids, BigInt);

describe("the agreement of two segmentations", () => {
  it("calls objects the same that have more than half in common, whatever their ids", () => {
    const first = labels(0, 7, 7, 7, 7, 0, 9, 9);
    const second = labels(0, 3, 3, 3, 0, 4, 5, 6);
    expect(match(first, second)).toEqual([neither, same, same, same, onlyFirst, onlySecond, different, different]);
  });

  it("takes an object that was split in two equal parts for different", () => {
    expect(match(labels(1, 1, 1, 1), labels(2, 2, 3, 3))).toEqual([different, different, different, different]);
  });

  it("tells ids apart that differ above 32 bits", () => {
    const first = BigUint64Array.of(5n, (1n << 40n) + 5n);
    expect(match(first, labels(1, 1))).toEqual([different, different]);
    expect(match(first, labels(1, 2))).toEqual([same, same]);
  });

  const volumes = fc
    .integer({ min: 1, max: 200 })
    .chain((length) => fc.tuple(...[1, 2].map(() => fc.array(fc.nat(4), { minLength: length, maxLength: length }))));

  it("is the same for other ids, for parts as for the whole, and mirrored for the exchanged pair", () => {
    fc.assert(
      fc.property(volumes, fc.nat(), (pair, cut) => {
        const [first = labels(), second = labels()] = pair.map((ids) => labels(...ids));
        const whole = match(first, second);
        expect(
          match(
            first.map((id) => id * 1_000_003n),
            second,
          ),
        ).toEqual(whole);
        const matching = createObjectMatching();
        const at = cut % first.length;
        matching.add(first.slice(0, at), second.slice(0, at));
        matching.add(first.slice(at), second.slice(at));
        expect([...matching.toAgreement(first, second)]).toEqual(whole);
        const mirror = [neither, same, onlySecond, onlyFirst, different];
        expect(match(second, first)).toEqual(whole.map((verdict) => mirror[verdict]));
      }),
    );
  });

  it("finds every object of a volume in itself", () => {
    fc.assert(
      fc.property(volumes, ([ids = []]) => {
        const verdicts = match(labels(...ids), labels(...ids));
        expect(verdicts).toEqual(ids.map((id) => (id === 0 ? neither : same)));
      }),
    );
  });

  it("judges masks by inside or not, and classes by their value", () => {
    const [first, second] = [Uint8Array.of(0, 1, 2, 0), Uint8Array.of(0, 2, 0, 3)];
    expect([...toAgreement(first, second, "masks")]).toEqual([neither, same, onlyFirst, onlySecond]);
    expect([...toAgreement(first, second, "classes")]).toEqual([same, different, different, different]);
  });
});
