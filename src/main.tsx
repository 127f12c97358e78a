// The page: from its address to the same mount that a dashboard uses.

import { connectHistory } from "#state/connect-history.ts";
import { isAllowedOrigin, parseEmbedOrigins, silence } from "#state/embed-policy.ts";
import { parseViewUrl } from "#state/view-url.ts";
import { preloadViewer } from "#volumes/load-viewer.ts";
import { mountRunViewer } from "./embed.tsx";

async function start(element: HTMLElement): Promise<void> {
  if (/[?&]run=/.test(location.search)) preloadViewer(); // a run is coming: its volumes need the engine
  const { request, messages } = await parseViewUrl(location.href);
  const { embed, parentOrigin } = request;
  const silent = embed && parentOrigin !== undefined && !(await isAllowed(parentOrigin));
  const told = silent ? [...messages, silence(parentOrigin)] : messages;
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

async function isAllowed(origin: string): Promise<boolean> {
  return isAllowedOrigin({ ownOrigin: location.origin, origins: await readEmbedOrigins() }, origin);
}

/** None where the deployment has no `embed.json`, or a page in its place. */
async function readEmbedOrigins(): Promise<readonly string[]> {
  try {
    const response = await fetch(new URL("embed.json", document.baseURI), { cache: "no-cache" });
    return response.ok ? parseEmbedOrigins(await response.json()) : [];
  } catch {
    return [];
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
