import { describe, expect, test } from "vitest";
import { toDirectoryStore } from "./directory-store.ts";

/** A folder whose one file, "losses", reads or fails as told. */
function toHandle(read: () => Promise<ArrayBuffer>): FileSystemDirectoryHandle {
  const slice = () => ({ arrayBuffer: read });
  const getFile = async () => ({ size: 3, lastModified: 0, slice });
  const getFileHandle = async () => ({ getFile });
  return { kind: "directory", name: "my runs", getFileHandle } as unknown as FileSystemDirectoryHandle;
}

function failing(name: string): () => Promise<ArrayBuffer> {
  return () => Promise.reject(new DOMException("", name));
}

describe("a local folder", () => {
  test("that the page may no longer read is revoked, and the message says to open it again", async () => {
    const read = toDirectoryStore(toHandle(failing("NotAllowedError"))).read("losses");
    const message = expect.stringContaining("Open the folder again");
    await expect(read).rejects.toMatchObject({ tag: "revoked", subject: "my runs/losses", message });
  });

  test("whose file changes while it is read gives a short read, to be tried again", async () => {
    const read = toDirectoryStore(toHandle(failing("NotReadableError"))).read("losses");
    await expect(read).rejects.toMatchObject({ tag: "short-read" });
  });

  test("whose file is deleted while it is read has no such file", async () => {
    expect(await toDirectoryStore(toHandle(failing("NotFoundError"))).read("losses")).toEqual({ status: "absent" });
  });
});
