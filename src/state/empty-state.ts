import type { AppState } from "./app-state.ts";
import { defaultChoice } from "./run-table.ts";

/** Before anything is opened. */
export const emptyState: AppState = {
  runs: {},
  runOrder: [],
  base: { status: "idle" },
  runRows: {},
  runTable: defaultChoice,
  served: [],
  recents: [],
  selection: {},
  layers: [],
  view: {},
  viewJson: undefined,
  viewer: "idle",
  inference: undefined,
  inferenceB: undefined,
  inferenceJob: undefined,
  errors: undefined,
  models: [],
  raws: [],
  pick: {},
  settled: false,
  playing: false,
  follow: { enabled: true, intervalMs: 10_000, hidden: false, checking: false },
  problems: [],
  notices: [],
  theme: "dark",
  panel: { open: true, tab: "scores", width: 460 },
  embed: false,
};
