import { X } from "lucide-react";
import { useAppState, useCommands } from "../app-context.ts";
import { IconButton } from "../parts/icon-button.tsx";
import "./notices.css";

/** "iteration 1200 is there": waits for a click, and changes nothing by itself. */
export function OfferChip() {
  const notice = useAppState((state) => state.notices.findLast(({ offer }) => offer !== undefined));
  const { select, dismissNotice } = useCommands();
  if (notice?.offer === undefined) return undefined;
  const { id, text, offer } = notice;
  const accept = () => {
    select(offer);
    dismissNotice(id);
  };
  return (
    <div className="dv-over dv-offer" role="status">
      <button type="button" className="dv-button" data-variant="plain" onClick={accept}>
        {text} <span className="dv-accent-text">show</span>
      </button>
      <IconButton label="Not now" onClick={() => dismissNotice(id)}>
        <X size={14} />
      </IconButton>
    </div>
  );
}
