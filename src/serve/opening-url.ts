import { hostname } from "node:os";
import type { Served } from "./data-handler.ts";

/** The one run of the bundled demo that is opened at once. */
const demoRun = "vnc_mito_distance";

/** The address to open in a browser: the demo's run, the given run, or the runs of the given base. */
export function toOpeningUrl(served: Served, host: string, port: number): string {
  return `http://${toUrlHost(host)}:${port}/?${toQuery(served)}`;
}

function toQuery({ directories, demo }: Served): string {
  if (demo) return `run=data/0/${demoRun}`;
  const run = directories[0];
  return run?.kind === "run" ? `run=data/0/${encodeURIComponent(run.name)}` : "runs=data/0/";
}

/** A server on every address is reached from elsewhere by the machine's name. */
function toUrlHost(host: string): string {
  if (host === "0.0.0.0" || host === "::") return hostname();
  return host.includes(":") ? `[${host}]` : host;
}
