// Addresses that stand for folders of this computer, and for runs in them: they mean something in one browser only.

/** An address that stands for a folder of this machine, or for what is in it. */
export function isFolder(address: string): boolean {
  return address.startsWith("folder:");
}

/** `n` tells folders of one name apart. */
export function toFolderAddress(name: string, n: number): string {
  return `folder:${encodeURIComponent(name)}${n === 1 ? "" : `~${n}`}`;
}

/** The folder that an address is in. */
export function folderOf(address: string): string {
  return address.replace(/\/.*$/s, "");
}

/** What follows the folder in an address below it; "" in any other. */
export function toLastPart(run: string, folder: string): string {
  return run.startsWith(`${folder}/`) ? run.slice(folder.length + 1) : "";
}

/** As a person knows it. */
export function folderName(address: string): string {
  return decoded(folderOf(address).replace(/^folder:|~\d+$/g, ""));
}

export function runNameOf(address: string): string {
  return decoded(toLastPart(address, folderOf(address)));
}

/** A link may hold anything. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
