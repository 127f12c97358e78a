import { test as base, expect } from "@playwright/test";
import { startViewer, type ViewerProcess } from "./viewer-process.ts";

export { expect };

/** The two bases that ship with the project, in the order in which the stories' viewer serves them. */
const bases = [
  { folder: "demo", runs: ["vnc_affs", "vnc_mito_distance"] },
  {
    folder: "e2e/fixtures/runs",
    runs: ["vnc_mito_distance_head", "vnc_rawgt_distance", "vnc_affs_snapshot_only", "vnc_affs_no_validation"],
  },
] as const;

export type FixtureRun = (typeof bases)[number]["runs"][number];

export const fixtureRuns: readonly FixtureRun[] = bases.flatMap(({ runs }) => runs);

/** Relative to the page: what `run=` takes. */
export function toRunPath(run: FixtureRun): string {
  const n = bases.findIndex(({ runs }) => (runs as readonly string[]).includes(run));
  return `data/${n}/${run}`;
}

type WorkerFixtures = { readonly viewer: ViewerProcess };
type TestFixtures = { readonly pageErrors: readonly string[] };

/** A story has a viewer that serves the shipped runs; an exception that nobody caught in the page fails it. */
export const test = base.extend<TestFixtures, WorkerFixtures>({
  viewer: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of what a fixture needs from this pattern
    async ({}, use) => {
      const viewer = await startViewer(bases.map(({ folder }) => folder));
      await use(viewer);
      await viewer.stop();
    },
    { scope: "worker" },
  ],
  pageErrors: [
    async ({ page }, use) => {
      const errors: string[] = [];
      page.on("pageerror", (error) => errors.push(error.message));
      await use(errors);
      expect(errors, "exceptions that nobody caught in the page").toEqual([]);
    },
    { auto: true },
  ],
  baseURL: async ({ viewer }, use) => use(viewer.origin),
});
