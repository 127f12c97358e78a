import { expect, test } from "vitest";
import { readPlaywrightCounts, readVitestCounts, sumCounts, toLastLine } from "./test-counts.ts";

test("a run that fails without a failed test is one failure", () => {
  expect(readVitestCounts({ numPassedTests: 3, numFailedTests: 0 }, 1)).toEqual({ passed: 3, failed: 1 });
  expect(readPlaywrightCounts(null, 1)).toEqual({ passed: 0, failed: 1 });
});

test("a browser test that passed at its second try has passed", () => {
  expect(readPlaywrightCounts({ stats: { expected: 4, unexpected: 1, flaky: 1, skipped: 2 } }, 1)).toEqual({
    passed: 5,
    failed: 1,
  });
});

test("the last line sums every kind of test", () => {
  expect(
    toLastLine(
      sumCounts([
        { passed: 1, failed: 0 },
        { passed: 41, failed: 2 },
      ]),
    ),
  ).toBe("42 passed, 2 failed");
});
