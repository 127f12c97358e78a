import type { RunConfig } from "#dacapo/run-config.ts";

/** The config as it stands on disk, or as it was understood where its text is not kept. */
export function ConfigDetails({ config, text }: { readonly config: RunConfig; readonly text: string | undefined }) {
  return (
    <details className="dv-details">
      <summary>
        {text === undefined ? "The whole config, as it was understood" : "The whole config, as it is on disk"}
      </summary>
      <pre className="dv-config">{text ?? JSON.stringify(config, toPlain, 1)}</pre>
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
