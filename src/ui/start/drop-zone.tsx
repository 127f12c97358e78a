import { type DragEvent, type ReactNode, useState } from "react";
import { useCommands } from "../app-context.ts";
import { droppedFolder } from "./local-folders.ts";

type Over = "no" | "yes" | "nothing-usable";

/** Takes a folder that is dropped anywhere on the page, also while a run is open; without it a browser would leave the page. */
export function DropZone({ children }: { readonly children: ReactNode }) {
  const [over, setOver] = useState<Over>("no");
  const { openDirectory } = useCommands();
  const onDrop = (event: DragEvent) => {
    event.preventDefault();
    setOver("no");
    void droppedFolder(event.dataTransfer).then((folder) => {
      if (folder === undefined) return setOver("nothing-usable");
      return openDirectory(folder);
    });
  };
  const onDragOver = (event: DragEvent) => {
    event.preventDefault();
    setOver("yes");
  };
  const onDragLeave = (event: DragEvent) => {
    if (event.relatedTarget === null) setOver("no");
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the button beside the field does the same with keys
    <div onDragOver={onDragOver} onDragLeave={onDragLeave} onDrop={onDrop} className="dv-drop-zone">
      {children}
      {over === "yes" ? <div className="dv-drop">Drop a run's folder, or the folder that holds runs</div> : undefined}
      {over === "nothing-usable" ? <NothingUsable onClose={() => setOver("no")} /> : undefined}
    </div>
  );
}

function NothingUsable({ onClose }: { readonly onClose: () => void }) {
  return (
    <div className="dv-over dv-note-over" role="alert" style={{ bottom: 24 }}>
      No folder was dropped, or this browser does not hand folders to a page: serve it with{" "}
      <code>npm start -- DIR</code>.{" "}
      <button type="button" className="dv-link" onClick={onClose}>
        Close
      </button>
    </div>
  );
}
