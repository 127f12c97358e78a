// Handles of opened folders, kept by the browser from visit to visit. Loaded with the first folder.
// A browser may refuse to keep anything, or handles: then they last as long as the page.

const database = "dacapo-run-viewer";
const table = "folders";
const mostKept = 24;

type Kept = { readonly address: string; readonly handle: FileSystemDirectoryHandle; readonly at: number };

export async function keepFolder(address: string, handle: FileSystemDirectoryHandle): Promise<void> {
  await attempt(async () => {
    const folders = await open("readwrite");
    const kept = (await settle(folders.getAll())) as Kept[];
    const old = kept.filter((each) => each.address !== address).toSorted((a, b) => b.at - a.at);
    for (const { address: gone } of old.slice(mostKept - 1)) folders.delete(gone);
    await settle(folders.put({ address, handle, at: Date.now() } satisfies Kept));
  });
}

export async function findFolder(address: string): Promise<FileSystemDirectoryHandle | undefined> {
  return attempt(async () => ((await settle((await open("readonly")).get(address))) as Kept | undefined)?.handle);
}

export async function forgetFolder(address: string): Promise<void> {
  await attempt(async () => void (await settle((await open("readwrite")).delete(address))));
}

async function attempt<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch {
    return undefined; // nothing was lost that the person made
  }
}

async function open(mode: IDBTransactionMode): Promise<IDBObjectStore> {
  const request = indexedDB.open(database, 1);
  request.onupgradeneeded = () => request.result.createObjectStore(table, { keyPath: "address" });
  const found = await settle(request);
  const transaction = found.transaction(table, mode);
  transaction.oncomplete = () => found.close();
  transaction.onabort = () => found.close();
  return transaction.objectStore(table);
}

function settle<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error("The browser's database gave no reason."));
  });
}
