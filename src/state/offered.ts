import type { RunState } from "./app-state.ts";
import { ProtocolError } from "./protocol-error.ts";

const maxNamed = 12;

/** @throws ProtocolError "unknown-…" that says what the run has instead */
export function offered<T extends string | number>(run: RunState, part: string, wanted: T, names: readonly T[]): void {
  if (names.includes(wanted)) return;
  const named = names.slice(0, maxNamed).join(", ");
  const rest = names.length > maxNamed ? ` and ${names.length - maxNamed} more` : "";
  const has = names.length === 0 ? "it has none." : `it has ${named}${rest}.`;
  throw new ProtocolError(`unknown-${part}`, String(wanted), `${run.name} has no ${part} "${wanted}"; ${has}`);
}
