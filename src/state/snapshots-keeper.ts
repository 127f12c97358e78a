// Lists the snapshots of the selected run once somebody chooses one, and again whenever the run was looked at.
import type { StoreApi } from "zustand/vanilla";
import { isAbort } from "#storage/errors.ts";
import type { AppState, RunId, RunState } from "./app-state.ts";
import { addProblem, problemId, toProblem, withoutProblems } from "./problems.ts";
import type { RunSource } from "./run-source.ts";
import { selectedRun } from "./selectors.ts";
import type { SnapshotList } from "./snapshot-list.ts";

const code = "unknown-snapshot";

export function createSnapshotsKeeper(
  store: StoreApi<AppState>,
  sourceOf: (run: RunId) => RunSource | undefined,
): { dispose(): void } {
  const closed = new AbortController();
  /** When the run had been looked at as its snapshots were last listed. */
  const listed = new Map<RunId, number | undefined>();

  function update(): void {
    const state = store.getState();
    const run = selectedRun(state);
    if (run === undefined || state.selection.snapshot === undefined || run.status === "loading") return;
    if (listed.has(run.id) && listed.get(run.id) === run.freshness.checkedAt) return;
    listed.set(run.id, run.freshness.checkedAt);
    if (run.snapshots?.status !== "ready") patch(run.id, { status: "loading" });
    void list(run);
  }

  async function list(run: RunState): Promise<void> {
    try {
      const value = await read(run);
      if (value !== undefined && value.entries.length === 0) return tellAbsent(run);
      if (value !== undefined && !isSame(store.getState().runs[run.id], value))
        patch(run.id, { status: "ready", value, at: Date.now() });
    } catch (error) {
      if (!isAbort(error, closed.signal)) fail(run, error);
    }
  }

  async function read(run: RunState): Promise<SnapshotList | undefined> {
    const source = sourceOf(run.id);
    if (source === undefined) return undefined;
    const [snapshots, { toSnapshotList }] = await Promise.all([
      run.hasSnapshots ? source.listSnapshots(closed.signal) : undefined,
      import("./snapshot-list.ts"),
    ]);
    return toSnapshotList(snapshots, source.name);
  }

  function tellAbsent(run: RunState): void {
    patch(run.id, { status: "absent" });
    const subject = `${run.url}/snapshot.zarr`;
    const message = `${run.name} has no whole snapshot: nothing that can be shown was found in ${subject}.`;
    const hint =
      "DaCapo keeps snapshots where snapshot_interval is set and train_run is called with save_snapshots=True.";
    const id = problemId(run.id, code, subject);
    const problem = { id, run: run.id, code, subject, message, hint, severity: "warning", at: Date.now() } as const;
    store.setState(({ problems }) => ({ problems: addProblem(problems, problem) }));
  }

  function fail(run: RunState, error: unknown): void {
    const context = { run: run.id, subject: `${run.url}/snapshot.zarr`, sought: "The list of snapshots" };
    const problem = toProblem(error, context, Date.now());
    if (store.getState().runs[run.id]?.snapshots?.status !== "ready") patch(run.id, { status: "failed", problem });
    store.setState(({ problems }) => ({ problems: addProblem(problems, problem) }));
  }

  function patch(id: RunId, snapshots: NonNullable<RunState["snapshots"]>): void {
    store.setState(({ runs, problems }) => {
      const run = runs[id];
      if (run === undefined) return {};
      const isOurs = (problem: { readonly run?: RunId; readonly code: string }) =>
        problem.run === id && problem.code === code;
      return { runs: { ...runs, [id]: { ...run, snapshots } }, problems: withoutProblems(problems, isOurs) };
    });
  }

  const unsubscribe = store.subscribe(update);
  update();
  return {
    dispose() {
      unsubscribe();
      closed.abort();
    },
  };
}

function isSame(run: RunState | undefined, value: SnapshotList): boolean {
  return run?.snapshots?.status === "ready" && JSON.stringify(run.snapshots.value) === JSON.stringify(value);
}
