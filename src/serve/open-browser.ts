import { spawn } from "node:child_process";

/** Asks the desktop to open `url`. A machine without one is no reason to stop serving. */
export function openBrowser(url: string): void {
  const [command, args] = toCommand(process.platform, url);
  const child = spawn(command, args, { stdio: "ignore", detached: true });
  child.once("error", () => console.error(`No browser could be opened here: open ${url} yourself.`));
  child.unref();
}

function toCommand(platform: NodeJS.Platform, url: string): [command: string, args: string[]] {
  if (platform === "darwin") return ["open", [url]];
  if (platform === "win32") return ["rundll32", ["url.dll,FileProtocolHandler", url]];
  return ["xdg-open", [url]];
}
