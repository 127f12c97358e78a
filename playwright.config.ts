import { defineConfig, devices } from "@playwright/test";
import { requireBrowser, storyArguments } from "./e2e/browser.ts";

/** Stories that count milliseconds: nothing runs beside them in `npm test`. */
const alone = ["contract-4.spec.ts", "inference-live.spec.ts"];

export default defineConfig({
  testDir: "e2e",
  testMatch: "*.spec.ts",
  workers: 2,
  fullyParallel: false,
  forbidOnly: process.env.CI !== undefined,
  // graphics and network in software, on whatever machine CI has: a story may need a second try there, never here
  retries: process.env.CI === undefined ? 0 : 1,
  timeout: process.env.CI === undefined ? 90_000 : 180_000,
  expect: { timeout: process.env.CI === undefined ? 30_000 : 90_000 },
  projects: [
    { name: "together", testIgnore: alone, outputDir: "test-results/together" },
    { name: "alone", testMatch: alone, workers: 1, outputDir: "test-results/alone" },
  ],
  reporter: [["list"]],
  use: {
    ...devices["Desktop Chrome"],
    viewport: { width: 1440, height: 900 },
    launchOptions: { executablePath: requireBrowser().path, args: [...storyArguments] },
    screenshot: "only-on-failure",
    // recorded for every story, a trace costs a sixth of all the time
    trace: process.env.CI === undefined ? "retain-on-failure" : "on-first-retry",
  },
});
