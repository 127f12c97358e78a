// Which runs are repetitions of one configuration: DaCapo numbers them, and nothing else differs.
import type { ConfigField } from "#dacapo/config-diff.ts";

/** What tells repetitions apart, and nothing more. */
const own = new Set(["name", "repetition"]);

/**
 * Indices of runs, a group for each configuration, in the order of their first. `fields` are all their settings;
 * a run without any is a group of its own.
 */
export function groupRepetitions(fields: readonly ConfigField[], count: number): readonly (readonly number[])[] {
  const telling = fields.filter(({ path }) => path.length > 1 || (path.length === 1 && !own.has(path[0] ?? "")));
  const groups = new Map<string, number[]>();
  for (let run = 0; run < count; run++) {
    const values = telling.map((field) => field.values[run] ?? null);
    const key = values.every((value) => value === null) ? `only ${run}` : JSON.stringify(values);
    groups.set(key, [...(groups.get(key) ?? []), run]);
  }
  return [...groups.values()];
}

/** What their names have in common: "affs__0" and "affs__1" are "affs". */
export function nameRepetitions(names: readonly string[]): string {
  const [first = "", ...rest] = names;
  if (rest.length === 0) return first;
  let length = first.length;
  for (const name of rest) while (!name.startsWith(first.slice(0, length))) length -= 1;
  const common = first.slice(0, length).replace(/[^\p{L}\p{N}]+\d*$/u, "");
  return `${common === "" ? first : common} (${names.length} repetitions)`;
}
