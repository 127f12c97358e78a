// What can be handed on of what is shown: a link, and words with a link in them.
import type { StoreApi } from "zustand/vanilla";
import type { Commands } from "./app.ts";
import type { AppState } from "./app-state.ts";
import { countSegments, type SharedLink, toViewLink, withoutSegments } from "./view-link.ts";
import type { ViewRequest } from "./view-url.ts";

type SharingContext = {
  readonly page: string;
  /** Where links lead: the viewer's own page. */
  readonly viewer: string | undefined;
  readonly toRequest: (state: AppState) => ViewRequest;
};

export function createSharing(
  store: StoreApi<AppState>,
  { page, viewer = page, toRequest }: SharingContext,
): Pick<Commands, "linkToView" | "markdownOfView"> {
  async function linkToView({ segments = true } = {}): Promise<SharedLink> {
    const target = new URL(viewer, page).href;
    const request = { ...toRequest(store.getState()), ...(isElsewhere(target, page) && absolute()), embed: false };
    const link = await toViewLink(segments ? request : withoutSegments(request), target);
    return { ...link, selectedSegments: countSegments(request.view) };
  }
  /** What a page elsewhere would take as relative to itself. */
  function absolute(): Partial<ViewRequest> {
    const { runOrder, selection } = store.getState();
    return { runs: runOrder, ...(runOrder.length > 1 && selection.run !== undefined && { selected: selection.run }) };
  }

  return {
    linkToView,
    async markdownOfView() {
      const [{ href }, { toMarkdown }] = await Promise.all([linkToView(), import("./view-markdown.ts")]);
      return toMarkdown(store.getState(), href);
    },
  };
}

/** Relative addresses mean the same below one folder. */
function isElsewhere(target: string, page: string): boolean {
  return new URL(".", target).href !== new URL(".", page).href;
}
