import { Check, Copy, RefreshCw, X } from "lucide-react";
import type { RunState } from "#state/app-state.ts";
import { useAppState, useCommands, useShallowState } from "../app-context.ts";
import { MenuItem } from "../parts/menu-item.tsx";
import { useCopy } from "../parts/use-copy.ts";

export default function RunMenuItems({ run }: { readonly run: RunState }) {
  const { retryRun, closeRuns } = useCommands();
  const { copy, copied } = useCopy();
  return (
    <>
      <p className="dv-menu-note dv-breakable">{run.url}</p>
      <OpenRuns run={run} />
      <SiblingRuns run={run} />
      <hr className="dv-menu-rule" />
      <MenuItem icon={<Copy size={14} />} onClick={() => copy(run.url)}>
        {copied ? "Copied" : "Copy the run's address"}
      </MenuItem>
      <MenuItem icon={<RefreshCw size={14} />} closes onClick={() => void retryRun(run.id)}>
        Read it again
      </MenuItem>
      <MenuItem icon={<X size={14} />} closes onClick={() => closeRuns()}>
        Close and open another
      </MenuItem>
    </>
  );
}

/** The other runs that are open on this page. */
function OpenRuns({ run }: { readonly run: RunState }) {
  const { select } = useCommands();
  const runs = useShallowState((state) => state.runOrder.flatMap((id) => state.runs[id] ?? []));
  if (runs.length < 2) return undefined;
  return runs.map(({ id, name }) => (
    <MenuItem
      key={id}
      icon={id === run.id ? <Check size={14} /> : <span className="dv-icon-space" />}
      closes
      onClick={() => select({ run: id })}
    >
      {name}
    </MenuItem>
  ));
}

/** Runs beside this one in the base directory, where it could be listed. */
function SiblingRuns({ run }: { readonly run: RunState }) {
  const { openRuns } = useCommands();
  const base = useAppState((state) => state.base);
  if (base.status !== "ready") return undefined;
  const others = base.value.runs.filter((name) => name !== run.name);
  if (others.length === 0) return undefined;
  return (
    <>
      <hr className="dv-menu-rule" />
      <p className="dv-menu-note">In the same directory</p>
      {others.map((name) => (
        <MenuItem
          key={name}
          icon={<span className="dv-icon-space" />}
          closes
          onClick={() => void openRuns([`${base.value.url}/${encodeURIComponent(name)}`])}
        >
          {name}
        </MenuItem>
      ))}
    </>
  );
}
