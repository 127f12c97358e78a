// The runs that a person opened lately, kept by the browser. Storage may be refused or hold anything.
import * as v from "valibot";
import type { RecentRun } from "./app-state.ts";

const storageKey = "dacapo-run-viewer.recent";
const maxRecents = 12;

const schema = v.array(
  v.object({
    url: v.pipe(v.string(), v.maxLength(4096)),
    name: v.pipe(v.string(), v.maxLength(512)),
    at: v.number(),
    thumbnail: v.optional(v.pipe(v.string(), v.maxLength(200_000), v.startsWith("data:image/"))),
  }),
);

export type KeyValue = Pick<Storage, "getItem" | "setItem">;

export function readRecents(storage: KeyValue | undefined): RecentRun[] {
  try {
    const parsed = v.safeParse(schema, JSON.parse(storage?.getItem(storageKey) ?? "[]"));
    return parsed.success ? parsed.output.map(withoutUndefined).slice(0, maxRecents) : [];
  } catch {
    return []; // refused by the browser, or not JSON: nothing to remember
  }
}

function withoutUndefined({ thumbnail, ...rest }: v.InferOutput<typeof schema>[number]): RecentRun {
  return thumbnail === undefined ? rest : { ...rest, thumbnail };
}

export function addRecent(recents: readonly RecentRun[], run: RecentRun): RecentRun[] {
  const previous = recents.find(({ url }) => url === run.url);
  const thumbnail = run.thumbnail ?? previous?.thumbnail;
  const entry = thumbnail === undefined ? run : { ...run, thumbnail };
  return [entry, ...recents.filter(({ url }) => url !== run.url)].slice(0, maxRecents);
}

/** Full or refused storage costs the memory of this visit, nothing else. */
export function writeRecents(storage: KeyValue | undefined, recents: readonly RecentRun[]): void {
  try {
    storage?.setItem(storageKey, JSON.stringify(recents));
  } catch {
    // nothing was lost that the person made
  }
}
