import { type DragEvent, type ReactNode, useState } from "react";
import { useAppState, useCommands } from "../app-context.ts";
import { droppedFolder, isArrayFolder } from "./local-folders.ts";

/** Something is held over the page, or what was dropped is of no use: a sentence. */
type Over = { readonly is: "no" } | { readonly is: "yes" } | { readonly is: "refused"; readonly why: string };

const nothing =
  "No folder was dropped, or this browser does not hand folders to a page: serve it with npm start -- DIR.";

/**
 * Takes what is dropped anywhere on the page, also while a run is open: a run's folder opens; models, and arrays to run them on, go to the
 * Network tab. Without it a browser would leave the page.
 */
export function DropZone({ children }: { readonly children: ReactNode }) {
  const [over, setOver] = useState<Over>({ is: "no" });
  const hasRun = useAppState((state) => state.runOrder.length > 0);
  const take = useTake(hasRun);
  const onDrop = (event: DragEvent) => {
    event.preventDefault();
    setOver({ is: "no" });
    void take(event.dataTransfer).then((why) => why !== undefined && setOver({ is: "refused", why }));
  };
  const onDragOver = (event: DragEvent) => {
    event.preventDefault();
    setOver({ is: "yes" });
  };
  const onDragLeave = (event: DragEvent) => {
    if (event.relatedTarget === null) setOver({ is: "no" });
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the buttons beside the fields do the same with keys
    <div onDragOver={onDragOver} onDragLeave={onDragLeave} onDrop={onDrop} className="dv-drop-zone">
      {children}
      {over.is === "yes" ? <div className="dv-drop">{toInvitation(hasRun)}</div> : undefined}
      {over.is === "refused" ? <Refusal why={over.why} onClose={() => setOver({ is: "no" })} /> : undefined}
    </div>
  );
}

function toInvitation(hasRun: boolean): string {
  const folders = "Drop a run's folder, or the folder that holds runs";
  return hasRun ? `${folders}; or a model (.onnx, bioimage.io), or a zarr or N5 folder to run networks on` : folders;
}

/** Resolves with why nothing came of a drop. The browser hands its content over only at once. */
function useTake(hasRun: boolean): (transfer: DataTransfer) => Promise<string | undefined> {
  const { openDirectory, addModel, addRaw, setPanel } = useCommands();
  return async (transfer) => {
    const models = [...(transfer.files ?? [])].filter(({ name }) => /\.(onnx|zip)$/i.test(name));
    const folder = await droppedFolder(transfer);
    if (folder === undefined && models.length === 0) return nothing;
    const isArray = folder !== undefined && (await isArrayFolder(folder));
    if (folder !== undefined && !(isArray && hasRun)) return void (await openDirectory(folder));
    if (!hasRun) return "A model is run on a run's data: open a run first, then drop the model.";
    setPanel({ open: true, tab: "network" });
    const asked = [...models.map((file) => addModel(file)), ...(folder === undefined ? [] : [addRaw(folder)])];
    await Promise.allSettled(asked); // what cannot be read is said in the Network tab
    return undefined;
  };
}

function Refusal({ why, onClose }: { readonly why: string; readonly onClose: () => void }) {
  return (
    <div className="dv-over dv-note-over" role="alert" style={{ bottom: 24 }}>
      {why}{" "}
      <button type="button" className="dv-link" onClick={onClose}>
        Close
      </button>
    </div>
  );
}
