// What can be handed on of what is shown: a link, and words with a link in them.
import type { StoreApi } from "zustand/vanilla";
import type { Commands } from "./app.ts";
import type { AppState } from "./app-state.ts";
import { countSegments, type SharedLink, toViewLink, withoutSegments } from "./view-link.ts";
import type { ViewRequest } from "./view-url.ts";

type SharingContext = { readonly page: string; readonly toRequest: (state: AppState) => ViewRequest };

export function createSharing(
  store: StoreApi<AppState>,
  { page, toRequest }: SharingContext,
): Pick<Commands, "linkToView" | "markdownOfView"> {
  async function linkToView({ segments = true } = {}): Promise<SharedLink> {
    const request = { ...toRequest(store.getState()), embed: false };
    const link = await toViewLink(segments ? request : withoutSegments(request), globalThis.location?.href ?? page);
    return { ...link, selectedSegments: countSegments(request.view) };
  }
  return {
    linkToView,
    async markdownOfView() {
      const [{ href }, { toMarkdown }] = await Promise.all([linkToView(), import("./view-markdown.ts")]);
      return toMarkdown(store.getState(), href);
    },
  };
}
