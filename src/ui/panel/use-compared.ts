import { useEffect, useState } from "react";
import type { ConfigField } from "#dacapo/config-diff.ts";
import type { RunState } from "#state/app-state.ts";
import { compareSettings } from "#state/run-row.ts";

/** The settings of several runs beside each other. */
export type Compared =
  | { readonly status: "reading" }
  | { readonly status: "ready"; readonly fields: readonly ConfigField[] }
  | { readonly status: "failed"; readonly reason: string };

export function useCompared(runs: readonly RunState[]): Compared {
  const [compared, setCompared] = useState<Compared>({ status: "reading" });
  const key = JSON.stringify(runs.map(({ configText }) => configText ?? null));
  useEffect(() => {
    let left = false;
    const texts = (JSON.parse(key) as readonly (string | null)[]).map((text) => text ?? undefined);
    compareSettings(texts).then(
      (fields) => left || setCompared({ status: "ready", fields }),
      (error: unknown) =>
        left || setCompared({ status: "failed", reason: error instanceof Error ? error.message : String(error) }),
    );
    return () => {
      left = true;
    };
  }, [key]);
  return compared;
}
