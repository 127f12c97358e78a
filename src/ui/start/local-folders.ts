// Folders of the person's own disk, where the browser gives them (the File System Access API is not everywhere).

type PickerWindow = {
  showDirectoryPicker?: (options?: { readonly mode?: "read" }) => Promise<FileSystemDirectoryHandle>;
};
type HandleItem = { getAsFileSystemHandle?: () => Promise<FileSystemHandle | null> };

const picker = (): PickerWindow["showDirectoryPicker"] => (globalThis as PickerWindow).showDirectoryPicker;

export function canPickFolders(): boolean {
  return picker() !== undefined;
}

/** Undefined when the person changed their mind. */
export async function pickFolder(): Promise<FileSystemDirectoryHandle | undefined> {
  try {
    return await picker()?.({ mode: "read" });
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") return undefined;
    throw error;
  }
}

/** Whether a folder is a zarr or N5 container or array, by the files that those have at their top. */
export async function isArrayFolder(folder: FileSystemDirectoryHandle): Promise<boolean> {
  if (/\.(zarr|n5)$/i.test(folder.name)) return true;
  for (const name of [".zarray", ".zgroup", ".zattrs", "zarr.json", "attributes.json"])
    if (await has(folder, name)) return true;
  return false;
}

async function has(folder: FileSystemDirectoryHandle, name: string): Promise<boolean> {
  try {
    await folder.getFileHandle(name);
    return true;
  } catch {
    return false;
  }
}

/** The first folder of a drop; undefined when there is none, or this browser does not hand folders over. */
export async function droppedFolder(transfer: DataTransfer): Promise<FileSystemDirectoryHandle | undefined> {
  const items = [...transfer.items];
  const entries = items.map((item) => item.webkitGetAsEntry?.()); // asked at once: a drop is over after its event
  const handles = await Promise.all(items.map((item) => (item as HandleItem).getAsFileSystemHandle?.()));
  const folder = handles.find(isDirectory);
  const entry = entries.find((each) => each?.isDirectory === true);
  if (folder !== undefined || entry === undefined || entry === null) return folder;
  const { toEntryHandle } = await import("./entry-handle.ts");
  return toEntryHandle(entry as FileSystemDirectoryEntry);
}

function isDirectory(handle: FileSystemHandle | null | undefined): handle is FileSystemDirectoryHandle {
  return handle?.kind === "directory";
}
