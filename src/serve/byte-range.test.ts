import fc from "fast-check";
import { expect, test } from "vitest";
import { parseByteRange } from "./byte-range.ts";

test("whatever is asked for, what is sent lies in the file", () => {
  const header = fc.oneof(
    fc.string(),
    fc.tuple(fc.nat(), fc.nat()).map(([a, b]) => `bytes=${a}-${b}`),
    fc.nat().map((n) => `bytes=-${n}`),
    fc.nat().map((n) => `bytes=${n}-`),
  );
  fc.assert(
    fc.property(header, fc.nat(), (text, size) => {
      const range = parseByteRange(text, size);
      return typeof range === "string" || (0 <= range.first && range.first <= range.last && range.last < size);
    }),
  );
});

test("no header is the whole file", () => expect(parseByteRange(undefined, 5)).toBe("whole"));
