import { expect, test } from "vitest";
import { folderName, folderOf, isFolder, runNameOf, toFolderAddress } from "./folder-address.ts";

test("a folder's address keeps any name, and tells folders of one name apart", () => {
  for (const name of ["my runs", "a/b~2", "100 %", "läuft", "folder:x"]) {
    const [first, second] = [toFolderAddress(name, 1), toFolderAddress(name, 2)];
    expect(first).not.toBe(second);
    for (const address of [first, second]) {
      expect(isFolder(address)).toBe(true);
      expect(folderOf(`${address}/a%20run`)).toBe(address);
      expect(runNameOf(`${address}/a%20run`)).toBe("a run");
    }
    expect(folderName(`${second}/run`)).toBe(name);
  }
});

test("an address of a link may hold anything", () => {
  expect(folderName("folder:%")).toBe("%");
  expect(runNameOf("folder:x/%zz")).toBe("%zz");
  expect(runNameOf("folder:x")).toBe("");
});
