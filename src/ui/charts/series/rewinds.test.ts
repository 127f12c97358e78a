import fc from "fast-check";
import { expect, test } from "vitest";
import { countMissing, gapPositions, readRecording } from "./rewinds.ts";

const column = (...iterations: number[]) => Float64Array.from(iterations);

test("iterations that go on from 0 have no break", () => {
  expect(readRecording(column(0, 1, 2, 3))).toEqual({
    current: undefined,
    superseded: new Uint32Array(0),
    breaks: [],
    stride: 1,
  });
});

test("a resumption from an earlier iteration replaces what was recorded from there on", () => {
  const { current, superseded, breaks } = readRecording(column(0, 1, 2, 3, 4, 2, 3, 4, 5));
  expect(current).toEqual(Uint32Array.of(0, 1, 5, 6, 7, 8));
  expect(superseded).toEqual(Uint32Array.of(2, 3, 4));
  expect(breaks).toEqual([{ kind: "rewind", from: 4, to: 2 }]);
});

test("an iteration that is recorded twice counts once, the later record", () => {
  const { current, breaks } = readRecording(column(0, 1, 1, 2));
  expect(current).toEqual(Uint32Array.of(0, 2, 3));
  expect(breaks).toEqual([{ kind: "rewind", from: 1, to: 1 }]);
});

test("missing iterations are a gap with both its ends", () => {
  const { breaks, stride } = readRecording(column(0, 1, 2, 10, 11));
  expect(breaks).toEqual([{ kind: "gap", first: 3, last: 9 }]);
  expect(countMissing(breaks, stride)).toBe(7);
  expect(gapPositions(column(0, 1, 2, 10, 11), breaks)).toEqual(Uint32Array.of(3));
});

test("a file of an old release that starts at its newest part says where", () => {
  expect(readRecording(column(900, 901, 902)).breaks).toEqual([{ kind: "late-start", iteration: 900 }]);
});

test("a store that keeps every hundredth iteration has no gaps, only a stride", () => {
  const { breaks, stride } = readRecording(column(0, 100, 200, 300, 400, 450));
  expect(stride).toBe(100);
  expect(breaks).toEqual([]);
});

test("what counts ascends strictly and ends with the last record, whatever the order of the file", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 50 }), { minLength: 1, maxLength: 80 }), (iterations) => {
      const { current, superseded } = readRecording(Float64Array.from(iterations));
      const kept = current ?? Uint32Array.from(iterations.keys());
      const numbers = [...kept].map((i) => iterations[i] as number);
      expect(numbers).toEqual([...new Set(numbers)].sort((a, b) => a - b));
      expect(kept.at(-1)).toBe(iterations.length - 1);
      expect([...kept, ...superseded].sort((a, b) => a - b)).toEqual([...iterations.keys()]);
    }),
  );
});
