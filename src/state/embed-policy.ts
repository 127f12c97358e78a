// Who may speak with this page through messages: else any page could read what the viewer's own origin can reach.
import * as v from "valibot";

export type EmbedPolicy = {
  /** The viewer's own origin. */
  readonly ownOrigin: string;
  /** From `embed.json` beside `index.html`: what `--embed-origin` or the deployment names. */
  readonly origins: readonly string[];
};

const documentSchema = v.object({ origins: v.array(v.string()) });

/** The origins of an `embed.json`; whatever is no web origin is left out. */
export function parseEmbedOrigins(document: unknown): string[] {
  const parsed = v.safeParse(documentSchema, document);
  return parsed.success ? parsed.output.origins.flatMap((text) => toOrigin(text) ?? []) : [];
}

function toOrigin(text: string): string | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  return url?.protocol === "http:" || url?.protocol === "https:" ? url.origin : undefined;
}

export function isAllowedOrigin(policy: EmbedPolicy, origin: string): boolean {
  if (origin === policy.ownOrigin || policy.origins.includes(origin)) return true;
  return isLoopback(policy.ownOrigin) && isLoopback(origin);
}

/** `localhost`, its subdomains, 127.0.0.0/8 and ::1, which browsers keep on this machine. */
export function isLoopback(origin: string): boolean {
  const host = URL.canParse(origin) ? new URL(origin).hostname : "";
  return host === "localhost" || host.endsWith(".localhost") || host === "[::1]" || /^127(\.\d{1,3}){3}$/.test(host);
}

/** Why a page stays silent towards the origin it was told of; one sentence. */
export function silence(origin: string): string {
  return `This viewer does not exchange messages with ${origin}, because its deployment does not allow that origin: start it with --embed-origin ${origin}, or list the origin in embed.json beside index.html.`;
}
