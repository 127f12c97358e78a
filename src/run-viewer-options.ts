// What a page says when it mounts a viewer, and what it changes later; the names are those of the view URL.
import type { AppOptions } from "#state/app-options.ts";
import type { RunViewerRequest } from "./run-viewer-message.ts";

export type RunViewerOptions = {
  /** Address of a run's folder, or several to compare: absolute, `s3://`, or relative to the page. */
  readonly run?: string | readonly string[] | undefined;
  /** Address of a base directory whose runs are listed; or, as in the message `open`, of several runs. */
  readonly runs?: string | readonly string[] | undefined;
  /** Where the statistics and configurations are, if not beside the run. */
  readonly stats?: string | undefined;
  readonly configs?: string | undefined;
  readonly s3Endpoint?: string | undefined;
  readonly dataset?: string | undefined;
  readonly iteration?: number | "latest" | "best" | undefined;
  readonly criterion?: string | undefined;
  /** A parameters string, as DaCapo names the folder of the output. */
  readonly parameters?: string | undefined;
  readonly theme?: "light" | "dark" | "system" | undefined;
  /** No chrome but the volumes and the timeline. */
  readonly embed?: boolean | undefined;
  /** How it is looked at: neuroglancer's own state keys. */
  readonly view?: unknown;
  /** Where the viewer has a page of its own: links lead there, and without it none are offered. */
  readonly viewer?: string | undefined;
};

export function toAppOptions(options: RunViewerOptions): AppOptions {
  const { run: _, runs, theme, ...rest } = options;
  const parts = {
    ...rest,
    runs: toRuns(options),
    base: typeof runs === "string" ? runs : undefined,
    theme: theme === "system" ? undefined : theme,
  };
  return Object.fromEntries(Object.entries(parts).filter(([, value]) => value !== undefined));
}

function toRuns({ run = [], runs = [] }: RunViewerOptions): readonly string[] {
  const listed = typeof runs === "string" ? [] : runs;
  return [...(typeof run === "string" ? [run] : run), ...listed].filter((address) => address !== "");
}

const chosen = ["dataset", "iteration", "criterion", "parameters"] as const;

/** What is to be asked of a viewer so that it shows `after` instead of `before`; what is taken back stays as it is. */
export function toChanges(before: RunViewerOptions, after: RunViewerOptions): readonly RunViewerRequest[] {
  const runs = toRuns(after);
  const opens = JSON.stringify(runs) !== JSON.stringify(toRuns(before));
  const parts = chosen.filter((key) => after[key] !== undefined && (opens || after[key] !== before[key]));
  const selection = Object.fromEntries(parts.map((key) => [key, after[key]]));
  const changes: RunViewerRequest[] = [];
  if (opens) changes.push({ type: "open", runs });
  if (parts.length > 0 && runs.length > 0) changes.push({ type: "select", ...selection });
  if (after.theme !== before.theme) changes.push({ type: "setTheme", theme: after.theme ?? "dark" });
  return changes;
}
