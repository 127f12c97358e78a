import { ChevronDown, Pause, Play } from "lucide-react";
import { Suspense } from "react";
import type { Selection } from "#state/app-state.ts";
import { useAppState, useCommands } from "../app-context.ts";
import { lazyPart } from "../parts/lazy-part.tsx";
import { Popover } from "../parts/popover.tsx";
import { toCount } from "../words.ts";

/** Fetched when the menu opens, or with the panels once nothing else waits. */
export const FollowChoices = lazyPart(() => import("./follow-choices.tsx"));

function toWord(iteration: Selection["iteration"]): string {
  return typeof iteration === "number" ? `stay at ${toCount(iteration)}` : (iteration ?? "best");
}

export function FollowMenu() {
  const enabled = useAppState((state) => state.follow.enabled);
  const iteration = useAppState((state) => state.selection.iteration);
  const { setFollow } = useCommands();
  const word = toWord(iteration);
  const button = (
    <>
      <span>
        <span className="dv-follow-word dv-dim">{typeof iteration === "number" ? "stay " : "follow: "}</span>
        {typeof iteration === "number" ? word.slice("stay ".length) : word}
      </span>
      <ChevronDown size={14} />
    </>
  );
  const says = enabled ? "Pause looking for new results" : "Look for new results again";
  return (
    <>
      <Popover label={`What the volumes follow: ${word}`} button={button}>
        {() => (
          <Suspense fallback={<p className="dv-menu-note">Opening …</p>}>
            <FollowChoices />
          </Suspense>
        )}
      </Popover>
      <button
        type="button"
        className="dv-button"
        data-variant="plain"
        data-icon
        aria-label={says}
        title={says}
        onClick={() => setFollow({ enabled: !enabled })}
      >
        {enabled ? <Pause size={15} /> : <Play size={15} />}
      </button>
    </>
  );
}
