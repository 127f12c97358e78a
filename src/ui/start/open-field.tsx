import { FolderOpen } from "lucide-react";
import { type FormEvent, useId, useState } from "react";
import { useAppState, useCommands } from "../app-context.ts";
import { addressAdvice } from "./address-advice.ts";
import { canPickFolders, pickFolder } from "./local-folders.ts";

export function OpenField() {
  const id = useId();
  const [address, setAddress] = useState("");
  const [opening, setOpening] = useState(false);
  const loading = useAppState((state) => state.base.status === "loading");
  const { openAddress } = useCommands();
  const advice = addressAdvice(address, document.baseURI);
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    if (address.trim() === "" || advice !== undefined) return;
    setOpening(true);
    void openAddress(address.trim()).finally(() => setOpening(false));
  };
  return (
    <form className="dv-open" onSubmit={onSubmit}>
      <label htmlFor={id}>
        <h2 style={{ margin: 0 }}>Open a run</h2>
      </label>
      <div className="dv-open-row">
        <input
          id={id}
          className="dv-input"
          type="text"
          inputMode="url"
          autoComplete="off"
          spellCheck={false}
          placeholder="https://example.org/runs/my_run"
          value={address}
          aria-invalid={advice !== undefined}
          aria-describedby={`${id}-hint`}
          onChange={(event) => setAddress(event.target.value)}
        />
        <button type="submit" className="dv-button" data-variant="accent" disabled={opening || address.trim() === ""}>
          {opening ? "Opening …" : "Open"}
        </button>
        <FolderButton />
      </div>
      <p id={`${id}-hint`} className="dv-open-hint" data-kind={advice === undefined ? undefined : "bad"}>
        {advice ??
          "A run's folder, or the directory that holds runs (configs/, stats/). A folder can be dropped here, too."}
      </p>
      {opening || loading ? <progress className="dv-progress" aria-label="Opening" /> : undefined}
    </form>
  );
}

function FolderButton() {
  const { openDirectory } = useCommands();
  if (!canPickFolders()) return undefined;
  const open = async () => {
    const folder = await pickFolder();
    if (folder !== undefined) await openDirectory(folder);
  };
  return (
    <button type="button" className="dv-button" onClick={() => void open()}>
      <FolderOpen size={16} />
      Choose a folder
    </button>
  );
}
