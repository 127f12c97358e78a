// Folders of this machine: opened by a choice or a drop, and again on a later visit once the browser lets the page read them.
import { StorageError } from "#storage/errors.ts";
import { findFolder, forgetFolder, keepFolder } from "./folder-shelf.ts";
import { type OpenedFolder, openFolder } from "./open-folder.ts";

export type FolderDesk = {
  /** @throws StorageError where nothing in it looks like a run */
  open(handle: FileSystemDirectoryHandle): Promise<OpenedFolder>;
  /**
   * A folder of an earlier visit, by the address that stands for it; the browser may ask the person.
   * @throws StorageError "revoked" where it is not to be had
   */
  reopen(address: string): Promise<OpenedFolder>;
  forget(address: string): Promise<void>;
};

type Permission = "granted" | "denied" | "prompt";
/** Chromium's; elsewhere a handle that is there may be read. */
type AskableHandle = FileSystemDirectoryHandle & {
  queryPermission?(wish: { readonly mode: "read" }): Promise<Permission>;
  requestPermission?(wish: { readonly mode: "read" }): Promise<Permission>;
};

/** `keeps`: whether anything may outlast the page. */
export function createFolderDesk(keeps: boolean, signal: AbortSignal): FolderDesk {
  const held = new Map<string, FileSystemDirectoryHandle>();

  async function find(address: string): Promise<FileSystemDirectoryHandle | undefined> {
    return held.get(address) ?? (keeps ? await findFolder(address) : undefined);
  }

  /** Two folders of one name have two addresses. */
  async function toAddress(handle: FileSystemDirectoryHandle): Promise<string> {
    for (let n = 1; ; n++) {
      const address = `folder:${encodeURIComponent(handle.name)}${n === 1 ? "" : `~${n}`}`;
      const known = await find(address);
      if (known === undefined || (await known.isSameEntry(handle))) return address;
    }
  }

  async function take(address: string, handle: FileSystemDirectoryHandle): Promise<OpenedFolder> {
    const folder = await openFolder(handle, address, signal);
    held.set(address, handle);
    if (keeps) await keepFolder(address, handle);
    return folder;
  }

  return {
    open: async (handle) => take(await toAddress(handle), handle),
    async reopen(address) {
      const handle = await find(address);
      if (handle === undefined) throw gone(address);
      const permission = await ask(handle);
      if (permission !== "granted") throw withheld(address, handle.name, permission);
      return take(address, handle);
    },
    async forget(address) {
      held.delete(address);
      await forgetFolder(address);
    },
  };
}

/** A browser asks only after a click or a key; until then the answer stays "prompt". */
async function ask(handle: AskableHandle): Promise<Permission> {
  const wish = { mode: "read" } as const;
  const known = (await handle.queryPermission?.(wish)) ?? "granted";
  if (known !== "prompt" || handle.requestPermission === undefined) return known;
  if (globalThis.navigator?.userActivation?.isActive === false) return "prompt";
  return handle.requestPermission(wish).catch(() => "prompt" as const);
}

function gone(address: string): StorageError {
  const name = decodeURIComponent(address.replace(/^folder:/, ""));
  return new StorageError({
    tag: "wrong-content",
    subject: address,
    message: `This browser does not have the folder "${name}" any more.`,
    hint: "Choose it again, or drop it here; a link cannot carry a folder to another browser.",
  });
}

function withheld(address: string, name: string, permission: Permission): StorageError {
  const asks = permission === "prompt";
  return new StorageError({
    tag: "revoked",
    subject: address,
    message: asks
      ? `The browser asks you before this page reads the folder "${name}" again.`
      : `The page was not allowed to read the folder "${name}".`,
    hint: asks
      ? "Open it again, and allow what the browser asks."
      : "Open it again and allow it, or choose the folder anew.",
  });
}
