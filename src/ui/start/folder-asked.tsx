import { FolderOpen } from "lucide-react";
import { useState } from "react";
import type { Problem } from "#state/app-state.ts";
import { folderName, folderOf, isFolder, runNameOf } from "#state/folder-address.ts";
import { useAppState, useCommands, useShallowState } from "../app-context.ts";
import { canPickFolders, pickFolder } from "./local-folders.ts";

/** A folder of this machine that the address asks for and the browser does not give: what it needs, and the ways out. */
export function FolderAsked() {
  const problem = useAppState(({ problems }) => problems.find(({ subject }) => isFolder(subject)));
  return problem === undefined ? undefined : <FolderCard problem={problem} />;
}

function FolderCard({ problem }: { readonly problem: Problem }) {
  const { subject, code, message, hint } = problem;
  const runs = useShallowState(({ asked }) => (asked?.runs ?? []).filter((run) => folderOf(run) === subject));
  const names = runs.map(runNameOf).join(", ");
  return (
    <section className="dv-folder" aria-label={`The folder ${folderName(subject)}`}>
      <FolderOpen size={24} aria-hidden="true" />
      <div role="status">
        <h2>{message}</h2>
        {names === "" ? undefined : <p>This address shows {names}.</p>}
        <p className="dv-dim">{hint}</p>
      </div>
      <FolderActions folder={subject} code={code} />
    </section>
  );
}

function FolderActions({ folder, code }: { readonly folder: string; readonly code: string }) {
  const isAsking = code === "revoked";
  const { openAsked } = useCommands();
  const [opening, setOpening] = useState(false);
  const open = () => {
    setOpening(true);
    void openAsked().finally(() => setOpening(false));
  };
  return (
    <div className="dv-row" data-tight>
      {code === "wrong-content" ? undefined : (
        <button type="button" className="dv-button" data-variant={isAsking ? "accent" : undefined} onClick={open}>
          {opening ? "Opening …" : `Open ${folderName(folder)} again`}
        </button>
      )}
      {isAsking || !canPickFolders() ? undefined : <ChooseAnew folder={folder} />}
      <button type="button" className="dv-button" data-variant="plain" onClick={() => void openAsked(folder)}>
        Go on without it
      </button>
    </div>
  );
}

function ChooseAnew({ folder }: { readonly folder: string }) {
  const { openDirectory } = useCommands();
  const choose = async () => {
    const handle = await pickFolder();
    if (handle !== undefined) await openDirectory(handle, folder);
  };
  return (
    <button type="button" className="dv-button" data-variant="accent" onClick={() => void choose()}>
      Choose it anew
    </button>
  );
}
