import type { TileKeeper } from "./inference.ts";
import type { TileData } from "./session-queue.ts";

/**
 * Keeps tiles in the browser's private file system, in a folder of their own. `identity` names everything that the values depend on
 * (run, iteration, checkpoint's ETag, raw, normalisation, tiling); what was kept for another is not found. Float32, as the machine has it.
 * Throws DOMException where the browser lends no storage.
 */
export async function openFileKeeper(identity: string): Promise<TileKeeper & { clear(): Promise<void> }> {
  const root = await navigator.storage.getDirectory();
  const predictions = await root.getDirectoryHandle("predictions", { create: true });
  const name = await toName(identity);
  await forgetOldest(predictions, name);
  const open = () => predictions.getDirectoryHandle(name, { create: true });
  return {
    async get(key) {
      const folder = await open();
      const handle = await folder.getFileHandle(toFileName(key)).catch(orMissing);
      const bytes = await (await handle?.getFile())?.arrayBuffer();
      // a file that another page has begun is empty until it is closed
      return bytes === undefined || bytes.byteLength === 0 ? undefined : new Float32Array(bytes);
    },
    async put(key, data: TileData) {
      const folder = await open();
      const handle = await folder.getFileHandle(toFileName(key), { create: true });
      const file = await handle.createWritable();
      await file.write(data);
      await file.close();
    },
    async clear() {
      await predictions.removeEntry(name, { recursive: true });
    },
  };
}

/** Of so many predictions tiles are kept, that of now included. */
const MAX_PREDICTIONS = 4;

/** When a folder was used last: its own file's date, as folders have none. */
const USED = "used";

async function forgetOldest(predictions: FileSystemDirectoryHandle, present: string): Promise<void> {
  const others: { readonly name: string; readonly at: number }[] = [];
  for await (const name of predictions.keys()) {
    if (name !== present) others.push({ name, at: await usedAt(await predictions.getDirectoryHandle(name)) });
  }
  const oldest = others.sort((a, b) => b.at - a.at).slice(MAX_PREDICTIONS - 1);
  for (const { name } of oldest) await predictions.removeEntry(name, { recursive: true });
  const folder = await predictions.getDirectoryHandle(present, { create: true });
  const file = await (await folder.getFileHandle(USED, { create: true })).createWritable();
  await file.write(String(Date.now()));
  await file.close();
}

async function usedAt(folder: FileSystemDirectoryHandle): Promise<number> {
  const handle = await folder.getFileHandle(USED).catch(orMissing);
  return (await handle?.getFile())?.lastModified ?? 0;
}

function toFileName(key: string): string {
  return `${key.replaceAll("/", ".")}.f32`;
}

function orMissing(error: unknown): undefined {
  if (!(error instanceof DOMException && error.name === "NotFoundError")) throw error;
}

async function toName(identity: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(identity));
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
