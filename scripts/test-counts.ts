/** How many tests passed and failed. */
export type Counts = { readonly passed: number; readonly failed: number };

const numberIn = (value: unknown, key: string): number => {
  const found: unknown = typeof value === "object" && value !== null ? Reflect.get(value, key) : undefined;
  return typeof found === "number" ? found : 0;
};

/** A run that ends badly without a failed test (a file that does not load, a crash, no report) counts as one failure. */
const withStatus = ({ passed, failed }: Counts, status: number): Counts => ({
  passed,
  failed: failed === 0 && status !== 0 ? 1 : failed,
});

/** From Vitest's JSON report. */
export function readVitestCounts(report: unknown, status: number): Counts {
  return withStatus({ passed: numberIn(report, "numPassedTests"), failed: numberIn(report, "numFailedTests") }, status);
}

/** From Playwright's JSON report. One that passed at its second try, which only CI gives, has passed; the list above names it. */
export function readPlaywrightCounts(report: unknown, status: number): Counts {
  const stats: unknown = typeof report === "object" && report !== null ? Reflect.get(report, "stats") : undefined;
  const passed = numberIn(stats, "expected") + numberIn(stats, "flaky");
  return withStatus({ passed, failed: numberIn(stats, "unexpected") }, status);
}

export function sumCounts(counts: readonly Counts[]): Counts {
  return counts.reduce((sum, { passed, failed }) => ({ passed: sum.passed + passed, failed: sum.failed + failed }), {
    passed: 0,
    failed: 0,
  });
}

export const toLastLine = ({ passed, failed }: Counts): string => `${passed} passed, ${failed} failed`;
