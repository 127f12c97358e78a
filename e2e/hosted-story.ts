import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { type Dashboard, type DashboardServer, openDashboard, startDashboard } from "./dashboard.ts";
import { test as base } from "./story.ts";
import { startViewer, type ViewerProcess } from "./viewer-process.ts";

/** Runs that do not ship with the project: where they are absent, their stories are skipped and say so. */
const sharedBases = [
  { folder: "../shared/runs", runs: ["vnc_membrane_distance", "vnc_classes_onehot", "vnc_affs_transposed"] },
  { folder: "../shared/runs_legacy035", runs: ["legacy035_vnc_distance"] },
] as const;

export type SharedRun = (typeof sharedBases)[number]["runs"][number];

const root = resolve(import.meta.dirname, "..");
const present = sharedBases.filter(({ folder }) => existsSync(resolve(root, folder)));

/** What `run=` takes at the viewer of the shared runs; skips the story where the run is absent. */
export function toSharedPath(run: SharedRun): string {
  const n = present.findIndex(({ runs }) => (runs as readonly string[]).includes(run));
  if (n < 0) console.log(`skipped: ${run} is not here`);
  base.skip(n < 0, `${run} is not here`);
  return `data/${n}/${run}`;
}

type WorkerFixtures = {
  readonly dashboard: DashboardServer;
  /** Serves the shared runs, as far as they are present. */
  readonly sharedViewer: ViewerProcess;
};
type TestFixtures = {
  /** Opens a viewer in a dashboard, with a query such as `run=data/0/vnc_affs`: its state can be asked for. `origin`: the stories' viewer by default. */
  readonly open: (query: string, origin?: string) => Promise<Dashboard>;
};

/** A story that waits on the public state, or compares values; the screen around the volumes is left out. */
export const test = base.extend<TestFixtures, WorkerFixtures>({
  dashboard: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of what a fixture needs from this pattern
    async ({}, use) => {
      const dashboard = await startDashboard();
      await use(dashboard);
      await dashboard.stop();
    },
    { scope: "worker" },
  ],
  sharedViewer: [
    // biome-ignore lint/correctness/noEmptyPattern: as above
    async ({}, use) => {
      const viewer = await startViewer(present.map(({ folder }) => folder));
      await use(viewer);
      await viewer.stop();
    },
    { scope: "worker" },
  ],
  open: async ({ page, viewer, dashboard }, use) =>
    use((query, origin = viewer.origin) => openDashboard(page, dashboard.origin, origin, query)),
});
