// Opening: addresses, base directories, folders, and what a link says. A bad address is a problem, never a blank page.
import * as v from "valibot";
import type { StoreApi } from "zustand/vanilla";
import { isAbort } from "#storage/errors.ts";
import type { VolumeViewer } from "#volumes/volume-viewer.ts";
import type { Commands } from "./app.ts";
import type { AppOptions } from "./app-options.ts";
import type { AppState, Problem, Selection, ServedDirectory } from "./app-state.ts";
import { listBase, looksLikeBase } from "./list-runs.ts";
import type { OpenedFolder } from "./open-folder.ts";
import { openBaseSources, openRunSource, toRunUrl } from "./open-run-source.ts";
import { addProblem, problemId, toProblem } from "./problems.ts";
import { createRecentKeeper } from "./recent-keeper.ts";
import type { RunRegistry } from "./run-registry.ts";
import type { RunSource } from "./run-source.ts";
import { parseTableText } from "./run-table-text.ts";
import { criteriaOf, parametersOf, selectedRun, shownIterations } from "./selectors.ts";
import type { ViewRequest } from "./view-url.ts";

export type StartContext = {
  readonly runs: RunRegistry;
  readonly page: string;
  readonly options: AppOptions;
  readonly viewer: () => VolumeViewer | undefined;
};

export type StartCommands = {
  readonly commands: Pick<
    Commands,
    "openRuns" | "openAddress" | "openBase" | "openDirectory" | "closeRuns" | "retryRun" | "forgetRecent"
  >;
  /** Does what the options say. */
  begin(): void;
  apply(request: ViewRequest): Promise<void>;
  /** How the runs of a base directory are read, a folder of this machine too. */
  sourcesOf(base: string): (name: string) => RunSource;
  dispose(): void;
};

export function createStartCommands(store: StoreApi<AppState>, context: StartContext): StartCommands {
  const { runs, page, options } = context;
  const closed = new AbortController();
  const { signal } = closed;
  const recents = createRecentKeeper(store, options.storage, context.viewer);
  /** Opened folders, by the address that stands for them. */
  const folders = new Map<string, (address: string) => RunSource | undefined>();

  function report(problem: Omit<Problem, "at" | "id">): void {
    const id = problemId(problem.run, problem.code, problem.subject + problem.message);
    store.setState(({ problems }) => ({ problems: addProblem(problems, { ...problem, id, at: Date.now() }) }));
  }

  function sourceOf(address: string): RunSource | undefined {
    for (const open of folders.values()) {
      const source = open(address);
      if (source !== undefined) return source;
    }
    try {
      return openRunSource(address, page, options);
    } catch (error) {
      const problem = toProblem(error, { subject: address, sought: `The run ${address}` }, Date.now());
      store.setState(({ problems }) => ({ problems: addProblem(problems, problem) }));
      return undefined;
    }
  }

  function closeRuns(): void {
    for (const run of store.getState().runOrder) runs.close(run);
    store.setState({ selection: {}, layers: [], notices: [], playing: false });
  }

  async function open(addresses: readonly string[], selection: Selection, selected?: string): Promise<void> {
    closeRuns();
    const sources = uniqueByUrl(addresses.flatMap((address) => sourceOf(address) ?? []));
    const first = sources.find(({ url, address }) => url === selected || address === selected) ?? sources[0];
    if (first === undefined) return;
    store.setState({ selection: { ...selection, run: first.url } });
    await Promise.all(sources.map((source) => runs.open(source)));
    checkSelection();
    recents.remember();
  }

  /** A link may name what this run does not have: it is said, and the rest is used. */
  function checkSelection(): void {
    const state = store.getState();
    const run = selectedRun(state);
    if (run === undefined || run.status === "error") return;
    const { dataset, criterion, parameters, iteration } = state.selection;
    const parts = [
      ["dataset", dataset, run.datasets],
      ["criterion", criterion, criteriaOf(run)],
      ["parameters", parameters, parametersOf(run)],
      ["iteration", typeof iteration === "number" ? String(iteration) : undefined, shownIterations(run).map(String)],
    ] as const;
    for (const [part, wanted, names] of parts) {
      if (wanted === undefined || names.length === 0 || names.includes(wanted)) continue;
      const message = `${run.name} has no ${part} "${wanted.slice(0, 200)}"; the default is shown.`;
      report({
        run: run.id,
        code: `unknown-${part}`,
        message,
        subject: wanted.slice(0, 200),
        severity: "warning",
        hint: `It has ${names.slice(0, 8).join(", ")}.`,
      });
    }
  }

  async function openBase(address: string): Promise<void> {
    store.setState({ base: { status: "loading" } });
    try {
      const found = await listBase(address, page, options, signal);
      store.setState({ base: { status: "ready", value: found, at: Date.now() } });
    } catch (error) {
      const problem = toProblem(error, { subject: address, sought: `The runs of ${address}` }, Date.now());
      store.setState(({ problems }) => ({
        base: { status: "failed", problem },
        problems: addProblem(problems, problem),
      }));
    }
  }

  async function openAddress(address: string): Promise<void> {
    if (await looksLikeBase(address, page, options, signal)) {
      closeRuns();
      await openBase(address);
    } else await open([address], {});
  }

  async function openDirectory(handle: FileSystemDirectoryHandle): Promise<void> {
    const folder = await look(handle);
    if (folder === undefined) return;
    folders.set(folder.address, folder.openRun);
    const [only] = folder.runs;
    if (folder.runs.length === 1 && only !== undefined) return open([`${folder.address}/${only}`], {});
    closeRuns();
    store.setState({ base: { status: "ready", value: { url: folder.address, runs: folder.runs }, at: Date.now() } });
  }

  /** A folder without runs, or that the browser withholds, is a problem. */
  async function look(handle: FileSystemDirectoryHandle): Promise<OpenedFolder | undefined> {
    const { openFolder } = await import("./open-folder.ts");
    try {
      return await openFolder(handle, signal);
    } catch (error) {
      if (isAbort(error, signal)) return undefined;
      const problem = toProblem(error, { subject: handle.name, sought: `The folder ${handle.name}` }, Date.now());
      store.setState(({ problems }) => ({ problems: addProblem(problems, problem) }));
      return undefined;
    }
  }

  async function apply(request: ViewRequest): Promise<void> {
    const wanted = uniqueByUrl(request.runs.flatMap((address) => sourceOf(address) ?? [])).map(({ url }) => url);
    const { runOrder } = store.getState();
    const selection = toSelection(request);
    if (JSON.stringify(wanted) !== JSON.stringify(runOrder)) await open(request.runs, selection, request.selected);
    else
      store.setState({
        selection: { ...selection, ...(runOrder[0] === undefined ? {} : { run: request.selected ?? runOrder[0] }) },
      });
    if (request.runs.length === 0) store.setState({ runTable: parseTableText(request.list) });
    if (request.base !== undefined && runOrder.length === 0) await openBase(request.base);
    if (request.view !== undefined) context.viewer()?.restoreViewJson(request.view);
  }

  function begin(): void {
    for (const message of options.messages ?? []) report({ code: "link", message, subject: page, severity: "warning" });
    if (options.discoverServed) void discover();
    if (options.base !== undefined) void openBase(options.base);
    if (options.runs !== undefined && options.runs.length > 0)
      void open(options.runs, toSelection(options), options.selected);
  }

  /** What this page's own server serves; nothing on a static host. */
  async function discover(): Promise<void> {
    const served = await readServed(new URL("data/index.json", page), signal);
    if (!signal.aborted) store.setState({ served });
  }

  function sourcesOf(base: string): (name: string) => RunSource {
    const fromBase = folders.has(base) ? undefined : openBaseSources(base, page, options);
    return (name) => {
      const source = fromBase?.(name) ?? folders.get(base)?.(toRunUrl(base, name));
      if (source === undefined) throw new Error(`The folder ${base} holds no run ${name}.`);
      return source;
    };
  }

  return {
    sourcesOf,
    commands: {
      openRuns: (addresses) => open(addresses, {}),
      openAddress,
      openBase,
      openDirectory,
      closeRuns,
      async retryRun(run) {
        store.setState(({ problems }) => ({ problems: problems.filter((problem) => problem.run !== run) }));
        await runs.check(run);
      },
      forgetRecent: recents.forget,
    },
    begin,
    apply,
    dispose() {
      closed.abort();
      recents.dispose();
    },
  };
}

function toSelection({ dataset, iteration, criterion, parameters }: Partial<ViewRequest>): Selection {
  const parts = Object.entries({ dataset, iteration, criterion, parameters });
  return Object.fromEntries(parts.filter(([, value]) => value !== undefined));
}

function uniqueByUrl(sources: readonly RunSource[]): RunSource[] {
  return [...new Map(sources.map((source) => [source.url, source])).values()];
}

const servedSchema = v.object({
  directories: v.array(
    v.object({ path: v.string(), name: v.string(), kind: v.picklist(["base", "run"]), run: v.optional(v.string()) }),
  ),
});

async function readServed(url: URL, signal: AbortSignal): Promise<readonly ServedDirectory[]> {
  try {
    const response = await fetch(url, { signal, headers: { Accept: "application/json" } });
    const parsed = v.safeParse(servedSchema, await response.json());
    return parsed.success
      ? parsed.output.directories.map(({ run, ...rest }) => (run === undefined ? rest : { ...rest, run }))
      : [];
  } catch {
    return []; // a static host has no such list
  }
}
