import { expect, test } from "vitest";
import { createFetchTally } from "./fetch-tally.ts";

const source = (reads: number, bytes: number) => ({ counts: () => ({ reads, bytes }) });

test("a layer's fetches add up over its sources, and raw stays where it was", () => {
  const tally = createFetchTally();
  const raw = source(4, 400);
  tally.retire("prediction", source(10, 100));
  tally.retire("prediction", source(1, 10));
  expect(
    tally.total([
      ["raw", raw],
      ["prediction", source(2, 20)],
    ]),
  ).toEqual({ raw: { reads: 4, bytes: 400 }, prediction: { reads: 13, bytes: 130 } });
});

test("of two sources under one name, as while one is swapped for the other, both count", () => {
  const tally = createFetchTally();
  expect(
    tally.total([
      ["prediction", source(1, 10)],
      ["prediction", source(2, 20)],
    ]),
  ).toEqual({ prediction: { reads: 3, bytes: 30 } });
});
