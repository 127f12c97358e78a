import { FlaskConical, HardDrive } from "lucide-react";
import type { ServedDirectory } from "#state/app-state.ts";
import { useAppState, useCommands } from "../app-context.ts";
import { RunItem } from "./run-item.tsx";

/** What the server of this page was started with: its bases list their runs, a single run opens. */
export function ServedDirectories() {
  const served = useAppState((state) => state.served);
  const listed = useAppState(({ base }) => base.status === "ready");
  const only = served.length === 1 ? served[0] : undefined;
  if (served.length === 0 || (only?.kind === "base" && listed)) return undefined;
  return (
    <section aria-label="Served here">
      <h2>Served here</h2>
      <ul className="dv-run-list">
        {served.map((directory) => (
          <ServedItem key={directory.path} directory={directory} />
        ))}
      </ul>
    </section>
  );
}

function ServedItem({ directory }: { readonly directory: ServedDirectory }) {
  const { openBase, openRuns } = useCommands();
  const { path, name, kind, run } = directory;
  if (kind === "base") {
    return <RunItem Icon={HardDrive} name={name} note={path} onClick={() => void openBase(path)} />;
  }
  const address = run === undefined ? path : `${path.replace(/\/$/, "")}/${encodeURIComponent(run)}`;
  return <RunItem Icon={FlaskConical} name={run ?? name} note={path} onClick={() => void openRuns([address])} />;
}
