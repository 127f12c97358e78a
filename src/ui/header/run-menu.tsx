import { ChevronDown } from "lucide-react";
import { Suspense } from "react";
import { useRun } from "../app-context.ts";
import { lazyPart } from "../parts/lazy-part.tsx";
import { Popover } from "../parts/popover.tsx";

/** Fetched when the menu opens, or with the panels once nothing else waits. */
export const RunMenuItems = lazyPart(() => import("./run-menu-items.tsx"));

export function RunMenu() {
  const run = useRun();
  const name = run?.name ?? "No run";
  const button = (
    <>
      <span className="dv-header-run">{name}</span>
      <ChevronDown size={14} />
    </>
  );
  return (
    <Popover label={`Run ${name}`} button={button} title={run?.url ?? ""}>
      {() =>
        run === undefined ? undefined : (
          <Suspense fallback={<p className="dv-menu-note">Opening …</p>}>
            <RunMenuItems run={run} />
          </Suspense>
        )
      }
    </Popover>
  );
}
