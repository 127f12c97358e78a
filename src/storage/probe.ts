import { isStorageError } from "./errors.ts";
import type { Found, ReadOptions, Stamp, Store } from "./store.ts";

/**
 * Reads a file that may not be there: servers that answer every unknown address with a web page count as "not there".
 * @throws StorageError as `Store.read`
 */
export async function readOptional(store: Store, path: string, options: ReadOptions = {}): Promise<Found | undefined> {
  try {
    const fetched = await store.read(path, options);
    return fetched.status === "found" ? fetched : undefined;
  } catch (error) {
    if (isStorageError(error, "wrong-content")) return undefined;
    throw error;
  }
}

/** Whether a file is there, and in which version, for one byte. */
export async function readStamp(store: Store, path: string, options: ReadOptions = {}): Promise<Stamp | undefined> {
  try {
    const fetched = await store.readRange(path, { offset: 0, length: 1 }, options);
    return fetched.status === "found" ? fetched.stamp : undefined;
  } catch (error) {
    if (isStorageError(error, "wrong-content")) return undefined;
    throw error;
  }
}

/** Maps with at most `limit` running at once, in order; the first failure ends it. */
export async function mapConcurrently<T, U>(
  items: readonly T[],
  limit: number,
  action: (item: T) => Promise<U>,
): Promise<readonly U[]> {
  const results: U[] = [];
  let next = 0;
  const stop = (error: unknown) => {
    next = items.length;
    throw error;
  };
  const work = async () => {
    for (let index = next++; index < items.length; index = next++) {
      results[index] = await action(items[index] as T).catch(stop);
    }
  };
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, work));
  return results;
}

/** JSON with an object at its top, or `undefined` for anything else, such as a half-written file. */
export function parseJsonRecord(bytes: Uint8Array): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
    return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}
