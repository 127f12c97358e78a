import { type Dashboard, type DashboardServer, openDashboard, startDashboard } from "./dashboard.ts";
import { test as base, toRunPath } from "./story.ts";

/** A story with a dashboard of another origin, which shows the viewer with a query such as `run=data/0/vnc_affs`. */
export const test = base.extend<{ open: (query: string) => Promise<Dashboard> }, { host: DashboardServer }>({
  host: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of what a fixture needs from this pattern
    async ({}, use) => {
      const host = await startDashboard();
      await use(host);
      await host.stop();
    },
    { scope: "worker" },
  ],
  viewport: { width: 720, height: 480 }, // what is told does not depend on the size, the time to draw does
  open: async ({ page, viewer, host }, use) => {
    await use((query) => openDashboard(page, host.origin, viewer.origin, query));
  },
});

/** The query of the demo's instance run. */
export const affs = `run=${toRunPath("vnc_affs")}`;

export const watershed = (id: number, bias: string) =>
  `WatershedPostProcessorParameters(id=${id}, bias=${bias}, context=(32, 32, 32))`;
