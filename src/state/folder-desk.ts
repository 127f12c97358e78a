// Folders of this machine: opened by a choice or a drop, and again on a later visit once the browser lets the page read them.
import { StorageError } from "#storage/errors.ts";
import { folderName, toFolderAddress } from "./folder-address.ts";
import { findFolder, forgetFolder, keepFolder } from "./folder-shelf.ts";
import { type OpenedFolder, openFolder } from "./open-folder.ts";

export type FolderDesk = {
  /**
   * `as`: the address of a folder that is elsewhere now, or was lost: this one stands for it from now on, once `check` lets it.
   * @throws StorageError where nothing in it looks like a run
   */
  open(
    handle: FileSystemDirectoryHandle,
    as: string | undefined,
    check: (folder: OpenedFolder) => OpenedFolder,
  ): Promise<OpenedFolder>;
  /**
   * A folder of an earlier visit, by the address that stands for it; the browser may ask the person.
   * @throws StorageError where it is not to be had: "revoked" until the browser was allowed to ask, "forbidden" once it was refused
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
      const address = toFolderAddress(handle.name, n);
      const known = await find(address);
      if (known === undefined || (await known.isSameEntry(handle))) return address;
    }
  }

  async function take(address: string, handle: FileSystemDirectoryHandle, check = (it: OpenedFolder) => it) {
    const folder = check(await openFolder(handle, address, signal));
    held.set(address, handle);
    if (keeps) await keepFolder(address, handle);
    return folder;
  }

  return {
    open: async (handle, as, check) => take(as ?? (await toAddress(handle)), handle, check),
    async reopen(address) {
      const handle = await find(address);
      if (handle === undefined) throw gone(address);
      const permission = await ask(handle);
      if (permission !== "granted") throw withheld(address, handle.name, permission);
      if (!(await isThere(handle))) throw moved(address, handle.name);
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

/** A handle outlasts its folder. */
async function isThere(handle: FileSystemDirectoryHandle): Promise<boolean> {
  try {
    for await (const _ of handle.keys()) break;
    return true;
  } catch (error) {
    if (error instanceof Error && error.name === "NotFoundError") return false;
    throw error;
  }
}

function gone(address: string): StorageError {
  return new StorageError({
    tag: "wrong-content",
    subject: address,
    message: `This browser does not have the folder "${folderName(address)}" any more.`,
    hint: "Choose it again, or drop it here; a link cannot carry a folder to another browser.",
  });
}

function moved(address: string, name: string): StorageError {
  return new StorageError({
    tag: "unreachable",
    subject: address,
    message: `The folder "${name}" is not where it was: it was moved, renamed or deleted.`,
    hint: "Put it back and open it again, or choose where it is now.",
  });
}

function withheld(address: string, name: string, permission: Permission): StorageError {
  const asks = permission === "prompt";
  return new StorageError({
    tag: asks ? "revoked" : "forbidden",
    subject: address,
    message: asks
      ? `The browser asks you before this page reads the folder "${name}" again.`
      : `The page was not allowed to read the folder "${name}".`,
    hint: asks
      ? "Allow what it asks, and the same view comes back. Nothing is written or sent anywhere."
      : "Open it again and allow it; where the browser does not ask any more, choose the folder anew.",
  });
}
