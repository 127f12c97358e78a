// The folders of this machine that are open, by the address that stands for them. What the browser withholds is a problem whose
// subject is that address: the screen offers to open it again.
import type { StoreApi } from "zustand/vanilla";
import { isAbort, StorageError } from "#storage/errors.ts";
import type { AppState, Problem } from "./app-state.ts";
import { folderName, folderOf, isFolder, runNameOf } from "./folder-address.ts";
import type { FolderDesk } from "./folder-desk.ts";
import type { OpenedFolder } from "./open-folder.ts";
import { addProblem, toProblem, withoutProblems } from "./problems.ts";
import type { RunSource } from "./run-source.ts";

/** Where nothing comes of it, that is a problem, and the answer `undefined` or `false`. */
export type OpenFolders = {
  openRun(address: string): RunSource | undefined;
  /** Whether all folders that these addresses are in are there, and have the runs; what is not is a problem. */
  reopenAll(addresses: readonly string[]): Promise<boolean>;
  reopen(address: string): Promise<OpenedFolder | undefined>;
  /**
   * With the runs that are in it now.
   * @throws StorageError where it is not to be had any more
   */
  relist(address: string): Promise<OpenedFolder>;
  /** As `FolderDesk.open`. */
  open(handle: FileSystemDirectoryHandle, as?: string, holding?: readonly string[]): Promise<OpenedFolder | undefined>;
  /** Something else is looked at: nothing is to be said of a folder any more. */
  leave(): void;
  forget(address: string): Promise<void>;
};

/** `keeps`: whether anything may outlast the page. */
export function createOpenFolders(store: StoreApi<AppState>, keeps: boolean, signal: AbortSignal): OpenFolders {
  const folders = new Map<string, OpenedFolder>();
  let desk: Promise<FolderDesk> | undefined;

  function folderDesk(): Promise<FolderDesk> {
    desk ??= import("./folder-desk.ts").then((room) => room.createFolderDesk(keeps, signal));
    return desk;
  }

  /** What an earlier attempt had to say stands until the next is over. */
  function report(...problem: readonly Problem[]): void {
    store.setState(({ problems }) => ({ problems: problem.reduce(addProblem, withoutProblems(problems, isOfFolder)) }));
  }

  async function attempt(subject: string, work: () => Promise<OpenedFolder>): Promise<OpenedFolder | undefined> {
    try {
      const folder = await work();
      report();
      folders.set(folder.address, folder);
      return folder;
    } catch (error) {
      if (isAbort(error, signal)) return undefined;
      const problem = toProblem(error, { subject, sought: `The folder ${folderName(subject)}` }, Date.now());
      report({ ...problem, subject });
      return undefined;
    }
  }

  async function relist(address: string): Promise<OpenedFolder> {
    const folder = await (await folderDesk()).reopen(address);
    folders.set(address, folder);
    return folder;
  }

  async function reopen(address: string): Promise<OpenedFolder> {
    return folders.get(address) ?? (await relist(address));
  }

  return {
    openRun: (address) => folders.get(folderOf(address))?.openRun(address),
    reopen: (address) => attempt(address, () => reopen(address)),
    relist,
    async reopenAll(addresses) {
      for (const address of addresses.filter(isFolder)) {
        const folder = await attempt(folderOf(address), async () =>
          checked(await reopen(folderOf(address)), [address]),
        );
        if (folder === undefined) return false;
      }
      return true;
    },
    open: (handle, as, holding = []) =>
      attempt(as ?? handle.name, async () =>
        (await folderDesk()).open(handle, as, (found) => checked(found, holding, handle.name)),
      ),
    leave: () => report(),
    async forget(address) {
      await (await folderDesk()).forget(address);
    },
  };
}

function isOfFolder({ run, subject }: Problem): boolean {
  return run === undefined && isFolder(subject);
}

/** @throws StorageError where one of these runs is not in it */
function checked(
  folder: OpenedFolder,
  addresses: readonly string[],
  name: string = folderName(folder.address),
): OpenedFolder {
  const missing = addresses.find((address) => folder.openRun(address) === undefined);
  if (missing === undefined) return folder;
  throw new StorageError({
    tag: "wrong-content",
    subject: folder.address,
    message: `The folder "${name}" holds no run "${runNameOf(missing)}".`,
    hint: `It holds ${folder.runs.slice(0, 6).join(", ")}${folder.runs.length > 6 ? ", …" : ""}. Choose the folder that holds the run.`,
  });
}
