import type { DownloadCost } from "#state/app-state.ts";
import { useCommands } from "../app-context.ts";
import { toSize } from "./inference-words.ts";

/** Before much is fetched. */
export function InferenceCost({ cost }: { readonly cost: DownloadCost }) {
  const { confirmInference, closeInference } = useCommands();
  return (
    <div className="dv-note" role="alertdialog" aria-label="A large download">
      <p>{toQuestion(cost)}</p>
      <div className="dv-row" data-tight>
        <button type="button" className="dv-button" data-variant="accent" onClick={confirmInference}>
          Fetch it
        </button>
        <button type="button" className="dv-button" onClick={closeInference}>
          Leave it
        </button>
      </div>
    </div>
  );
}

/** "This network takes 313 MB, of a checkpoint of 939 MB. ..." */
export function toQuestion({ bytes, fileBytes, whole }: DownloadCost): string {
  const size = bytes === undefined ? "an unknown number of bytes" : toSize(bytes);
  const kept = "What is fetched stays in this browser for the next time.";
  if (whole)
    return `This server sends only whole files, so fetching this network takes ${size}, the optimizer's part included. ${kept}`;
  const of = fileBytes === undefined ? "" : `, of a checkpoint of ${toSize(fileBytes)}`;
  return `Fetching this network takes ${size}${of}. ${kept}`;
}
