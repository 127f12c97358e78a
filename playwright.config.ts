import { defineConfig, devices } from "@playwright/test";
import { launchArguments, requireBrowser } from "./e2e/browser.ts";

export default defineConfig({
  testDir: "e2e",
  testMatch: "*.spec.ts",
  outputDir: "test-results",
  workers: process.env.CI === undefined ? 2 : 1,
  fullyParallel: false,
  forbidOnly: process.env.CI !== undefined,
  // graphics and network in software, on whatever machine CI has: a story may need a second try there, never here
  retries: process.env.CI === undefined ? 0 : 1,
  timeout: process.env.CI === undefined ? 90_000 : 240_000,
  expect: { timeout: process.env.CI === undefined ? 30_000 : 90_000 },
  reporter: [["list"]],
  use: {
    ...devices["Desktop Chrome"],
    viewport: { width: 1440, height: 900 },
    launchOptions: { executablePath: requireBrowser().path, args: [...launchArguments] },
    screenshot: "only-on-failure",
    trace: "retain-on-failure",
  },
});
