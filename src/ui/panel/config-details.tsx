import type { RunConfig } from "#dacapo/run-config.ts";

/** The whole config as it was understood, for those who want every number. */
export function ConfigDetails({ config }: { readonly config: RunConfig }) {
  return (
    <details className="dv-details">
      <summary>The whole config</summary>
      <pre className="dv-config">{JSON.stringify(config, toPlain, 1)}</pre>
    </details>
  );
}

/** Maps as objects, big integers as text, lists of numbers on one line. */
function toPlain(_key: string, value: unknown): unknown {
  if (typeof value === "bigint") return String(value);
  if (value instanceof Map) return Object.fromEntries(value);
  if (Array.isArray(value) && value.length > 0 && value.every((each) => typeof each === "number"))
    return `(${value.join(", ")})`;
  return value;
}
