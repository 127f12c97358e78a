// A dropped folder in browsers without the File System Access API: their older entries, in the shape of its handles.
// Each read asks the disk anew, so that a folder is followed live; nothing can be kept beyond the page.

/** Reads only, as much as the folder store needs. */
export function toEntryHandle(entry: FileSystemDirectoryEntry): FileSystemDirectoryHandle {
  const handle = {
    kind: "directory" as const,
    name: entry.name,
    entries: () => readEntries(entry),
    getDirectoryHandle: async (name: string) => toEntryHandle(asDirectory(await get(entry, "getDirectory", name))),
    getFileHandle: async (name: string) => toFileHandle(asFile(await get(entry, "getFile", name))),
    isSameEntry: async (other: FileSystemHandle) => other === (handle as unknown),
  };
  return handle as unknown as FileSystemDirectoryHandle;
}

function toFileHandle(entry: FileSystemFileEntry): FileSystemFileHandle {
  const getFile = () => new Promise<File>((resolve, reject) => entry.file(resolve, reject));
  return { kind: "file", name: entry.name, getFile } as unknown as FileSystemFileHandle;
}

/** A reader hands its entries over in parts, and ends with an empty one. */
async function* readEntries(entry: FileSystemDirectoryEntry): AsyncGenerator<[string, FileSystemHandle]> {
  const reader = entry.createReader();
  const next = () => new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
  for (let part = await next(); part.length > 0; part = await next())
    for (const each of part)
      yield [each.name, each.isDirectory ? toEntryHandle(asDirectory(each)) : toFileHandle(asFile(each))];
}

function get(entry: FileSystemDirectoryEntry, method: "getFile" | "getDirectory", name: string) {
  return new Promise<FileSystemEntry>((resolve, reject) => entry[method](name, {}, resolve, reject));
}

function asDirectory(entry: FileSystemEntry): FileSystemDirectoryEntry {
  if (entry.isDirectory) return entry as FileSystemDirectoryEntry;
  throw new DOMException(`${entry.name} is no folder.`, "TypeMismatchError");
}

function asFile(entry: FileSystemEntry): FileSystemFileEntry {
  if (entry.isFile) return entry as FileSystemFileEntry;
  throw new DOMException(`${entry.name} is no file.`, "TypeMismatchError");
}
