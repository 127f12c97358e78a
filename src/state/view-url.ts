// The view URL of the contract, section 3: query = what is shown, hash = how it is looked at. Nothing in it is trusted.
import type { CompareMode } from "./compare-mode.ts";
import type { PanelTab } from "./panel-tab.ts";

export type ViewRequest = {
  /** Addresses as given: absolute, `s3://`, or relative to the page. */
  readonly runs: readonly string[];
  /** Which of several runs is selected, by its address. */
  readonly selected?: string;
  /** A runs base directory to list. */
  readonly base?: string;
  /** How its runs are listed, as `toTableText` writes it. */
  readonly list?: string;
  readonly stats?: string;
  readonly configs?: string;
  readonly s3Endpoint?: string;
  readonly dataset?: string;
  readonly iteration?: number | "latest" | "best";
  readonly criterion?: string;
  readonly parameters?: string;
  /** How another result, B, is compared with the selected one; and what it is, see `CompareState`. */
  readonly compare?: CompareMode;
  /** Its run's address. */
  readonly compareRun?: string;
  readonly compareIteration?: number | "latest" | "best";
  readonly compareParameters?: string;
  /** Where A ends and B begins when one is swiped over the other, 0 to 1. */
  readonly compareSplit?: number;
  /** The open tab of the side panel. */
  readonly tab?: PanelTab | "none";
  /** Whether the errors of what is shown are looked for. */
  readonly errors?: boolean;
  /** A batch that the training kept. */
  readonly snapshot?: number | "latest";
  readonly embed: boolean;
  readonly parentOrigin?: string;
  readonly theme?: "light" | "dark";
  /** neuroglancer's state keys, not yet checked: the viewer takes what its allow-list has. */
  readonly view?: unknown;
};

export type ParsedViewUrl = { readonly request: ViewRequest; readonly messages: readonly string[] };

const textKeys = [
  ...(["list", "selected", "stats", "configs", "dataset", "criterion", "parameters"] as const),
  ...(["compareRun", "compareParameters"] as const),
] as const;
const knownKeys = new Set<string>([
  ...textKeys,
  "compare",
  "compareIteration",
  "compareSplit",
  "tab",
  "errors",
  "run",
  "runs",
  "iteration",
  "snapshot",
  "embed",
  "parentOrigin",
  "theme",
  "s3.endpoint",
]);
const tabs: Readonly<Record<PanelTab | "none", PanelTab | "none">> = {
  ...{ compare: "compare", scores: "scores", loss: "loss", errors: "errors", layers: "layers" },
  ...{ network: "network", config: "config", problems: "problems", none: "none" },
};
/** Longer values are no addresses or names of anybody's. */
const maxValueLength = 4096;
const maxRuns = 64;

type Part = { readonly value?: Partial<ViewRequest>; readonly message?: string };

/** Reads a view URL; malformed and unknown parts are named in `messages` and the rest is used. */
export async function parseViewUrl(href: string): Promise<ParsedViewUrl> {
  const url = new URL(href);
  const parts = [...readQuery(url.searchParams), await readHash(url.hash)];
  const request = Object.assign({ runs: [], embed: false }, ...parts.map(({ value }) => value ?? {})) as ViewRequest;
  return { request, messages: parts.flatMap(({ message }) => (message === undefined ? [] : [message])) };
}

function readQuery(query: URLSearchParams): Part[] {
  return [
    readRuns(query),
    readBase(query),
    ...textKeys.map((key) => readText(query, key)),
    readText(query, "s3.endpoint", "s3Endpoint"),
    readIteration(query, "iteration"),
    readIteration(query, "compareIteration"),
    readChoice(query, "compare", { side: "side", swipe: "swipe", difference: "difference" }),
    readSplit(query),
    readChoice(query, "tab", tabs),
    readChoice(query, "errors", { "1": true, "0": false }),
    readSnapshot(query),
    readChoice(query, "theme", { light: "light", dark: "dark" }),
    readChoice(query, "embed", { "1": true, "0": false }),
    readOrigin(query),
    ...[...new Set(query.keys())].filter((key) => !knownKeys.has(key)).map(unknownKey),
  ];
}

function unknownKey(key: string): Part {
  return { message: `The link has a part "${clip(key)}" that this viewer does not know; the rest was used.` };
}

function readRuns(query: URLSearchParams): Part {
  const given = query.getAll("run").filter((run) => run !== "");
  const runs = given.filter((run) => run.length <= maxValueLength).slice(0, maxRuns);
  if (runs.length === given.length) return { value: { runs } };
  return { value: { runs }, message: `The link names ${given.length} runs, of which ${runs.length} were used.` };
}

function readBase(query: URLSearchParams): Part {
  const base = query.get("runs");
  return base === null || base === "" ? {} : checked("runs", base, { base });
}

function readText(query: URLSearchParams, key: string, name: string = key): Part {
  const text = query.get(key);
  return text === null || text === "" ? {} : checked(key, text, { [name]: text });
}

function checked(key: string, text: string, value: Partial<ViewRequest>): Part {
  if (text.length <= maxValueLength) return { value };
  return {
    message: `The link's "${key}" is ${text.length} characters long, which is no name or address; it was left out.`,
  };
}

function readIteration(query: URLSearchParams, key: "iteration" | "compareIteration"): Part {
  const text = query.get(key);
  if (text === null || text === "") return {};
  if (text === "latest" || text === "best") return { value: { [key]: text } };
  const iteration = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
  if (Number.isSafeInteger(iteration)) return { value: { [key]: iteration } };
  return { message: `The link's ${key} "${clip(text)}" is neither a number, "latest" nor "best"; it was left out.` };
}

function readSnapshot(query: URLSearchParams): Part {
  const text = query.get("snapshot");
  if (text === null || text === "") return {};
  if (text === "latest") return { value: { snapshot: text } };
  if (/^\d{1,15}$/.test(text)) return { value: { snapshot: Number(text) } };
  return { message: `The link's snapshot "${clip(text)}" is neither a number nor "latest"; it was left out.` };
}

function readSplit(query: URLSearchParams): Part {
  const text = query.get("compareSplit");
  if (text === null || text === "") return {};
  if (/^(0|1|0?\.\d{1,9})$/.test(text)) return { value: { compareSplit: Number(text) } };
  return { message: `The link's compareSplit "${clip(text)}" is no number from 0 to 1; it was left out.` };
}

function readChoice(query: URLSearchParams, key: string, choices: Readonly<Record<string, unknown>>): Part {
  const text = query.get(key);
  if (text === null || text === "") return {};
  if (Object.hasOwn(choices, text)) return { value: { [key]: choices[text] } };
  const offered = Object.keys(choices).map((choice) => `"${choice}"`);
  return { message: `The link's ${key} "${clip(text)}" is none of ${offered.join(", ")}; it was left out.` };
}

function readOrigin(query: URLSearchParams): Part {
  const text = query.get("parentOrigin");
  if (text === null || text === "") return {};
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isWeb = url?.protocol === "http:" || url?.protocol === "https:";
  if (url !== undefined && isWeb && url.origin === text.replace(/\/$/, ""))
    return { value: { parentOrigin: url.origin } };
  return {
    value: { embed: false }, // nobody could be spoken to: the page shows why
    message: `The link's parentOrigin "${clip(text)}" is no web origin such as https://dash.example.org; it was left out.`,
  };
}

async function readHash(hash: string): Promise<Part> {
  if (hash === "" || hash === "#") return {};
  const { decodeView } = await import("./view-hash.ts"); // fetched where there is a view to be read or written
  try {
    return { value: { view: await decodeView(hash) } };
  } catch (cause) {
    return {
      message: `The link's view could not be read (${clip((cause as Error).message)}); the data is framed instead.`,
    };
  }
}

function clip(text: string): string {
  return text.length <= 60 ? text : `${text.slice(0, 60)}…`;
}

/** The part of a view URL before its hash. */
export function toQuery(request: ViewRequest): string {
  const query = new URLSearchParams();
  for (const run of request.runs) query.append("run", run);
  const single: Record<string, string | undefined> = {
    runs: request.base,
    ...Object.fromEntries(textKeys.map((key) => [key, request[key]])),
    "s3.endpoint": request.s3Endpoint,
    iteration: request.iteration?.toString(),
    compare: request.compare,
    compareIteration: request.compareIteration?.toString(),
    compareSplit: request.compareSplit?.toString(),
    tab: request.tab,
    errors: request.errors === undefined ? undefined : String(Number(request.errors)),
    snapshot: request.snapshot?.toString(),
    theme: request.theme,
    embed: request.embed ? "1" : undefined,
    parentOrigin: request.parentOrigin,
  };
  for (const [key, value] of Object.entries(single)) if (value !== undefined && value !== "") query.set(key, value);
  return query.toString();
}
