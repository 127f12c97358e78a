import { Share2 } from "lucide-react";
import { Suspense } from "react";
import { lazyPart } from "../parts/lazy-part.tsx";
import { Popover } from "../parts/popover.tsx";

/** Fetched when the menu opens, or with the panels once nothing else waits. */
export const ShareItems = lazyPart(() => import("./share-items.tsx"));

export function ShareMenu() {
  return (
    <Popover label="Share" icon button={<Share2 size={16} />}>
      {() => (
        <Suspense fallback={<p className="dv-menu-note">Opening …</p>}>
          <ShareItems />
        </Suspense>
      )}
    </Popover>
  );
}
