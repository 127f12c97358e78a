import type { RunState } from "#state/app-state.ts";
import { useNow } from "../use-now.ts";
import { toAgo } from "../words.ts";

/** Rewinds and the like, newest first. */
export function RunEvents({ run }: { readonly run: RunState }) {
  const now = useNow(30_000);
  if (run.events.length === 0) return undefined;
  return (
    <section className="dv-section" aria-label="What happened">
      <h3>What happened</h3>
      <ul className="dv-section">
        {run.events.toReversed().map(({ at, text }) => (
          <li key={`${at} ${text}`}>
            <span className="dv-dim">{toAgo(at, now)}</span> {text}
          </li>
        ))}
      </ul>
    </section>
  );
}
