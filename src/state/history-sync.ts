// Keeps the page's address and the state saying the same: choices make history entries, looking around rewrites the newest.
import type { App } from "./app.ts";
import type { AppState } from "./app-state.ts";
import { toViewUrl } from "./view-link.ts";
import { parseViewUrl, type ViewRequest } from "./view-url.ts";

/** What of a window is needed; a test gives its own. */
export type PageHistory = {
  href(): string;
  push(href: string): void;
  replace(href: string): void;
  onBack(listener: () => void): () => void;
};

export type HistorySync = { dispose(): void };

/** Browsers refuse more than about a hundred changes in half a minute. */
const quietMs = 400;

export function createHistorySync(
  app: App,
  page: PageHistory,
  toRequest: (state: AppState) => ViewRequest,
  apply: (request: ViewRequest) => Promise<void>,
): HistorySync {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let writtenChoice = choiceOf(toRequest(app.store.getState()));
  let applying = false;

  async function write(): Promise<void> {
    timer = undefined;
    const state = app.store.getState();
    const request = toRequest(state);
    const choice = choiceOf(request);
    const href = await toViewUrl(request, page.href()).catch(() => undefined); // offline before its codec came: the next change writes
    if (applying || href === undefined || href === page.href()) return;
    if (choice === writtenChoice || state.playing) page.replace(href);
    else page.push(href);
    writtenChoice = choice;
  }

  function schedule(): void {
    if (applying) return;
    if (timer !== undefined) clearTimeout(timer);
    timer = setTimeout(() => void write(), quietMs);
  }

  async function back(): Promise<void> {
    applying = true;
    if (timer !== undefined) clearTimeout(timer);
    try {
      const { request } = await parseViewUrl(page.href());
      await apply(request);
      writtenChoice = choiceOf(toRequest(app.store.getState()));
    } finally {
      applying = false;
    }
  }

  const stopStore = app.store.subscribe(schedule);
  const stopBack = page.onBack(() => void back());
  return {
    dispose() {
      stopStore();
      stopBack();
      if (timer !== undefined) clearTimeout(timer);
    },
  };
}

/** What makes a history entry: everything but how it is looked at. */
function choiceOf(request: ViewRequest): string {
  const { view: _view, tab: _tab, errors: _errors, compareSplit: _split, ...choice } = request;
  return JSON.stringify(choice);
}
