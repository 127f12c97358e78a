// Opening: addresses, base directories, folders, and what a link says. A bad address is a problem, never a blank page.
import * as v from "valibot";
import type { StoreApi } from "zustand/vanilla";
import type { VolumeViewer } from "#volumes/volume-viewer.ts";
import type { Commands } from "./app.ts";
import type { AppOptions } from "./app-options.ts";
import type { AppState, CompareState, Problem, Selection, ServedDirectory } from "./app-state.ts";
import { folderOf, isFolder } from "./folder-address.ts";
import type { OpenedFolder } from "./open-folder.ts";
import { createOpenFolders } from "./open-folders.ts";
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
    "openRuns" | "openAddress" | "openBase" | "openDirectory" | "openAsked" | "closeRuns" | "retryRun" | "forgetRecent"
  >;
  /** Does what the options say. */
  begin(): void;
  apply(request: ViewRequest): Promise<void>;
  /** How the runs of a base directory are read, a folder of this machine too. */
  sourcesOf(base: string): (name: string) => RunSource;
  /** @throws StorageError where nothing says which runs there are any more */
  listRuns(base: string): Promise<readonly string[]>;
  dispose(): void;
};

export function createStartCommands(store: StoreApi<AppState>, context: StartContext): StartCommands {
  const { runs, page, options } = context;
  const closed = new AbortController();
  const { signal } = closed;
  const recents = createRecentKeeper(store, options.storage, context.viewer);
  const folders = createOpenFolders(store, options.storage !== undefined, signal);

  function report(problem: Omit<Problem, "at" | "id">): void {
    const id = problemId(problem.run, problem.code, problem.subject + problem.message);
    store.setState(({ problems }) => ({ problems: addProblem(problems, { ...problem, id, at: Date.now() }) }));
  }

  function sourceOf(address: string): RunSource | undefined {
    if (isFolder(address)) return folders.openRun(address); // why it could not be opened is said already
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
    store.setState({ selection: {}, compare: undefined, layers: [], notices: [], playing: false, asked: undefined });
  }

  /** What is asked for stays in the address until it is open, or something else is asked for. */
  function ask(request: Partial<ViewRequest>): { readonly isOver: () => boolean; readonly answer: () => void } {
    const asked = toAsked(request);
    store.setState({ asked });
    const isOver = () => store.getState().asked !== asked;
    const answer = () => {
      if (isOver()) return;
      folders.leave();
      store.setState({ asked: undefined });
    };
    return { isOver, answer };
  }

  async function open(addresses: readonly string[], request: Partial<ViewRequest> = {}): Promise<void> {
    const { selected } = request;
    closeRuns();
    if (addresses.length === 0) return;
    const { isOver, answer } = ask({ ...request, runs: addresses });
    if (addresses.some(isFolder) && (!(await folders.reopenAll(addresses)) || isOver())) return;
    const sources = uniqueByUrl(addresses.flatMap((address) => sourceOf(address) ?? []));
    const first = sources.find(({ url, address }) => url === selected || address === selected) ?? sources[0];
    if (first === undefined) return;
    answer();
    store.setState({ selection: { ...toSelection(request), run: first.url }, compare: toCompare(request, sources) });
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
    const { isOver, answer } = ask({ base: address });
    const loading = { status: "loading" } as const;
    const isReplaced = () => store.getState().base !== loading; // another list was asked for, or is there
    store.setState({ base: loading });
    if (isFolder(address)) {
      const folder = await folders.reopen(address);
      if (isOver()) return;
      return folder === undefined ? store.setState({ base: { status: "absent" } }) : list(folder);
    }
    try {
      const { listBase } = await import("./list-runs.ts");
      const found = await listBase(address, page, options, signal);
      if (isReplaced()) return;
      store.setState({ base: { status: "ready", value: found, at: Date.now() } });
      answer();
    } catch (error) {
      if (isReplaced()) return;
      const problem = toProblem(error, { subject: address, sought: `The runs of ${address}` }, Date.now());
      store.setState(({ problems }) => ({
        base: { status: "failed", problem },
        problems: addProblem(problems, problem),
      }));
    }
  }

  async function isBaseAddress(address: string): Promise<boolean> {
    const { looksLikeBase } = await import("./list-runs.ts");
    return looksLikeBase(address, page, options, signal);
  }

  async function openAddress(address: string): Promise<void> {
    const isBase = isFolder(address) ? !address.includes("/") : await isBaseAddress(address);
    if (isBase) {
      closeRuns();
      await openBase(address);
    } else await open([address]);
  }

  async function openDirectory(handle: FileSystemDirectoryHandle, as?: string): Promise<void> {
    const { asked } = store.getState();
    const folder = await folders.open(handle, as, as === undefined ? [] : runsIn(as, asked));
    if (folder === undefined) return;
    if (isAwaited(folder, asked)) return openAsked();
    const [only] = folder.runs;
    if (folder.runs.length === 1 && only !== undefined) return open([`${folder.address}/${only}`]);
    closeRuns();
    list(folder);
  }

  function list({ address, runs: names }: OpenedFolder): void {
    store.setState({
      base: { status: "ready", value: { url: address, runs: names }, at: Date.now() },
      asked: undefined,
    });
  }

  /** What the address asked for, once more, with the view that it had. */
  async function openAsked(without?: string): Promise<void> {
    const { asked } = store.getState();
    if (asked === undefined) return;
    if (without !== undefined) folders.leave();
    const left = (asked.runs ?? []).filter((run) => folderOf(run) !== without);
    if (asked.view !== undefined) store.setState({ viewJson: asked.view });
    if (left.length > 0) await open(left, asked);
    else if (asked.base !== undefined && asked.base !== without) await openBase(asked.base);
    else closeRuns();
  }

  /** With the last run of a folder the folder is forgotten, before the list says so. */
  async function forgetRecent(url: string): Promise<void> {
    const address = folderOf(url);
    const others = store.getState().recents.filter((recent) => recent.url !== url);
    const isLast = isFolder(url) && !others.some((recent) => recent.url.startsWith(`${address}/`));
    if (isLast) await folders.forget(address);
    recents.forget(url);
  }

  async function apply(request: ViewRequest): Promise<void> {
    const sources = uniqueByUrl(request.runs.flatMap((address) => sourceOf(address) ?? []));
    const wanted = sources.map(({ url }) => url);
    const { runOrder } = store.getState();
    const selection = toSelection(request);
    const withheld = request.runs.some((address) => isFolder(address) && folders.openRun(address) === undefined);
    if (withheld || JSON.stringify(wanted) !== JSON.stringify(runOrder)) await open(request.runs, request);
    else
      store.setState({
        selection: { ...selection, ...(runOrder[0] === undefined ? {} : { run: request.selected ?? runOrder[0] }) },
        compare: toCompare(request, sources),
      });
    if (request.runs.length === 0) store.setState({ runTable: parseTableText(request.list) });
    if (request.base !== undefined && runOrder.length === 0) await openBase(request.base);
    if (request.view !== undefined) context.viewer()?.restoreViewJson(request.view);
  }

  function begin(): void {
    for (const message of options.messages ?? []) report({ code: "link", message, subject: page, severity: "warning" });
    if (options.discoverServed) void discover();
    if (options.base !== undefined) void openBase(options.base);
    if (options.runs !== undefined && options.runs.length > 0) void open(options.runs, options);
  }

  /** What this page's own server serves; nothing on a static host. */
  async function discover(): Promise<void> {
    const served = await readServed(new URL("data/index.json", page), signal);
    if (!signal.aborted) store.setState({ served });
  }

  function sourcesOf(base: string): (name: string) => RunSource {
    const fromBase = isFolder(base) ? undefined : openBaseSources(base, page, options);
    return (name) => {
      const source = fromBase?.(name) ?? folders.openRun(toRunUrl(base, name));
      if (source === undefined) throw new Error(`The folder ${base} holds no run ${name}.`);
      return source;
    };
  }

  async function listRuns(base: string): Promise<readonly string[]> {
    if (isFolder(base)) return (await folders.relist(base)).runs;
    const { listBase } = await import("./list-runs.ts");
    return (await listBase(base, page, options, signal)).runs;
  }

  return {
    sourcesOf,
    listRuns,
    commands: {
      openRuns: (addresses) => open(addresses),
      openAddress,
      openBase,
      openDirectory,
      openAsked,
      closeRuns,
      async retryRun(run) {
        store.setState(({ problems }) => ({ problems: problems.filter((problem) => problem.run !== run) }));
        await runs.check(run);
      },
      forgetRecent: (url) => void forgetRecent(url),
    },
    begin,
    apply,
    dispose() {
      closed.abort();
      recents.dispose();
    },
  };
}

/** Whether something waits for this folder, and is in it. */
function isAwaited(folder: OpenedFolder, asked: Partial<ViewRequest> | undefined): boolean {
  if (asked?.base === folder.address) return true;
  const awaited = runsIn(folder.address, asked);
  return awaited.length > 0 && awaited.every((run) => folder.openRun(run) !== undefined);
}

function runsIn(folder: string, asked: Partial<ViewRequest> | undefined): readonly string[] {
  return (asked?.runs ?? []).filter((run) => folderOf(run) === folder);
}

const askedKeys = [
  ...(["runs", "selected", "base", "list", "dataset", "iteration", "snapshot", "criterion", "parameters"] as const),
  ...([
    "compare",
    "compareRun",
    "compareIteration",
    "compareParameters",
    "compareSplit",
    "tab",
    "errors",
    "view",
  ] as const),
];

/** What is to be opened, and how it is looked at; the rest of a request holds for the whole page. */
function toAsked(request: Partial<ViewRequest>): Partial<ViewRequest> {
  return Object.fromEntries(askedKeys.filter((key) => request[key] !== undefined).map((key) => [key, request[key]]));
}

function toSelection({ dataset, iteration, criterion, parameters, snapshot }: Partial<ViewRequest>): Selection {
  const parts = Object.entries({ dataset, iteration, criterion, parameters, snapshot });
  return Object.fromEntries(parts.filter(([, value]) => value !== undefined));
}

/** A run that is not among the open ones is left out: B is of the selected one then. */
function toCompare(request: Partial<ViewRequest>, sources: readonly RunSource[]): CompareState | undefined {
  const { compare: mode, compareRun, compareIteration: iteration, compareParameters: parameters } = request;
  if (mode === undefined) return undefined;
  const run = sources.find(({ url, address }) => url === compareRun || address === compareRun)?.url;
  return {
    mode,
    ...(run !== undefined && { run }),
    ...(iteration !== undefined && { iteration }),
    ...(parameters !== undefined && { parameters }),
  };
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
