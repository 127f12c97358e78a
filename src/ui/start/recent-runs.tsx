import { Layers, X } from "lucide-react";
import type { RecentRun } from "#state/app-state.ts";
import { useAppState, useCommands } from "../app-context.ts";
import { IconButton } from "../parts/icon-button.tsx";
import { useNow } from "../use-now.ts";
import { toAgo } from "../words.ts";

/** Two rows; the others come up as these are forgotten. */
const shownCount = 6;

export function RecentRuns() {
  const recents = useAppState((state) => state.recents);
  if (recents.length === 0) return undefined;
  return (
    <section aria-label="Recent runs">
      <h2>Recent</h2>
      <ul className="dv-recents">
        {recents.slice(0, shownCount).map((recent) => (
          <RecentCard key={recent.url} recent={recent} />
        ))}
      </ul>
    </section>
  );
}

function RecentCard({ recent }: { readonly recent: RecentRun }) {
  const { url, name, at } = recent;
  const now = useNow(60_000);
  const { openRuns, forgetRecent } = useCommands();
  return (
    <li className="dv-recent">
      <button type="button" className="dv-recent-open" onClick={() => void openRuns([url])}>
        <Picture thumbnail={recent.thumbnail} />
        <span className="dv-recent-words">
          <b>{name}</b>
          <span title={url}>{url}</span>
          <span>{toAgo(at, now)}</span>
        </span>
      </button>
      <IconButton label={`Forget ${name}`} onClick={() => forgetRecent(url)}>
        <X size={14} />
      </IconButton>
    </li>
  );
}

/** Only pictures that this page made itself are drawn. */
function Picture({ thumbnail }: { readonly thumbnail: string | undefined }) {
  if (thumbnail?.startsWith("data:image/")) return <img className="dv-recent-picture" src={thumbnail} alt="" />;
  return (
    <span className="dv-recent-picture">
      <Layers size={24} />
    </span>
  );
}
