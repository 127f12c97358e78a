// The page: from its address to the same mount that a dashboard uses.

import { connectHistory } from "#state/connect-history.ts";
import { parseViewUrl } from "#state/view-url.ts";
import { preloadViewer } from "#volumes/load-viewer.ts";
import { mountRunViewer } from "./embed.tsx";

async function start(element: HTMLElement): Promise<void> {
  if (/[?&]run=/.test(location.search)) preloadViewer(); // a run is coming: its volumes need the engine
  const { request, messages } = await parseViewUrl(location.href);
  const { embed, parentOrigin } = request;
  const silence = embed && parentOrigin !== undefined ? await silenceTowards(parentOrigin) : undefined;
  const silent = silence !== undefined;
  const told = silent ? [...messages, silence] : messages;
  const handle = mountRunViewer(element, {
    ...request,
    embed: embed && !silent,
    messages: told,
    viewer: location.href,
    storage: storageOf(window),
    discoverServed: true,
  });
  const isFramed = window.parent !== window; // a page that is not would answer itself
  if (embed && !silent && isFramed && parentOrigin !== undefined) {
    const { connectHost } = await import("./host-messages.ts");
    connectHost(handle.app, window.parent, parentOrigin);
  }
  connectHistory(handle.app, window);
}

/** Why the page does not speak with `origin`; undefined where the deployment allows it. */
async function silenceTowards(origin: string): Promise<string | undefined> {
  const { isAllowedOrigin, parseEmbedOrigins, silence } = await import("#state/embed-policy.ts");
  const origins = parseEmbedOrigins(await readEmbedDocument());
  return isAllowedOrigin({ ownOrigin: location.origin, origins }, origin) ? undefined : silence(origin);
}

/** Undefined where the deployment has no `embed.json`, or a page in its place. */
async function readEmbedDocument(): Promise<unknown> {
  try {
    const response = await fetch(new URL("embed.json", document.baseURI), { cache: "no-cache" });
    return response.ok ? await response.json() : undefined;
  } catch {
    return undefined;
  }
}

/** Refused by some browsers' settings, which costs only the memory of recent runs. */
function storageOf(page: Window): Storage | undefined {
  try {
    return page.localStorage;
  } catch {
    return undefined;
  }
}

const root = document.getElementById("root");
if (root !== null) void start(root);
