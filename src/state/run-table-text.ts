// The choices of a list of runs as a part of the view URL; what cannot be read of it falls back to the defaults.
import * as v from "valibot";
import { defaultChoice, type RunTableChoice } from "./run-table.ts";

const maxColumns = 60;
const column = v.pipe(v.string(), v.minLength(1), v.maxLength(300));
const schema = v.partial(
  v.object({
    sort: v.object({ column, descending: v.boolean() }),
    filter: v.pipe(v.string(), v.maxLength(1000)),
    columns: v.pipe(v.array(column), v.maxLength(maxColumns)),
    group: column,
  }),
);

/** Only what differs from the defaults; undefined where nothing does. */
export function toTableText(choice: RunTableChoice): string | undefined {
  const defaults: Readonly<Record<string, unknown>> = defaultChoice;
  const chosen = Object.entries(choice).filter(([key, part]) => JSON.stringify(part) !== JSON.stringify(defaults[key]));
  return chosen.length === 0 ? undefined : JSON.stringify(Object.fromEntries(chosen));
}

export function parseTableText(text: string | undefined): RunTableChoice {
  if (text === undefined) return defaultChoice;
  try {
    const parsed = v.safeParse(schema, JSON.parse(text));
    return parsed.success ? ({ ...defaultChoice, ...parsed.output } as RunTableChoice) : defaultChoice;
  } catch {
    return defaultChoice;
  }
}
