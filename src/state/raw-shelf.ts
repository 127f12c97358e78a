// The arrays that a person or a host brought along to run networks on. Their handles live here, the rest is state.
import type { StoreApi } from "zustand/vanilla";
import { isAbort } from "#storage/errors.ts";
import type { RunArray } from "#storage/open-array.ts";
import type { RawOptions } from "./app-options.ts";
import type { AppState, OwnRawState, OwnRef } from "./app-state.ts";
import type { OtherRaw } from "./other-raws.ts";
import { nameOfAddress } from "./own-name.ts";

export type RawShelf = {
  /** Resolves once the array can be read. Rejects with a sentence; the state then says it too. */
  addUrl(address: string): Promise<OwnRef>;
  /** The first of several addresses where there is an array; `path`: as the run's config has it. */
  addOther(raw: OtherRaw): Promise<OwnRef>;
  addFolder(folder: FileSystemDirectoryHandle): Promise<OwnRef>;
  forget(id: string): void;
  /** All scales, finest first; empty for what is not at hand. */
  get(id: string): readonly RunArray[];
  dispose(): void;
};

export function createRawShelf(store: StoreApi<AppState>, options: RawOptions): RawShelf {
  const arrays = new Map<string, readonly RunArray[]>();
  const closed = new AbortController();
  const { signal } = closed;
  let count = 0;

  function patch(id: string, part: Partial<OwnRawState>): void {
    store.setState((state) => ({ raws: state.raws.map((each) => (each.id === id ? { ...each, ...part } : each)) }));
  }

  async function add(name: string, address: string, open: () => Promise<readonly RunArray[]>): Promise<OwnRef> {
    count += 1;
    const ref = { id: `raw ${count}`, name, address };
    const entry: OwnRawState = { ...ref, status: "loading" };
    store.setState(({ raws, pick }) => ({
      raws: [...raws.filter((each) => each.address !== address), entry],
      pick: { ...pick, raw: ref.id },
    }));
    try {
      const found = await open();
      arrays.set(ref.id, found);
      patch(ref.id, { status: "ready", facts: toFacts(found) });
    } catch (error) {
      if (!isAbort(error, signal))
        patch(ref.id, { status: "failed", message: error instanceof Error ? error.message : String(error) });
      throw error;
    }
    return ref;
  }

  return {
    addUrl: (address) =>
      add(nameOfAddress(address), address, async () =>
        (await import("./own-array.ts")).openAddress(address, options, signal),
      ),
    addOther: (raw) =>
      add(raw.name, raw.path, async () => (await import("./own-array.ts")).openFirst(raw, options, signal)),
    addFolder: (folder) =>
      add(folder.name, `folder:${encodeURIComponent(folder.name)}`, async () =>
        (await import("./own-array.ts")).openFolderArray(folder, signal),
      ),
    forget(id) {
      arrays.delete(id);
      store.setState((state) => ({
        raws: state.raws.filter((each) => each.id !== id),
        pick: state.pick.raw === id ? { ...state.pick, raw: undefined } : state.pick,
      }));
    },
    get: (id) => arrays.get(id) ?? [],
    dispose: () => closed.abort(),
  };
}

function toFacts(scales: readonly RunArray[]): NonNullable<OwnRawState["facts"]> {
  const [finest] = scales;
  if (finest === undefined) return { scales: 0, shape: [], voxelSize: [], unit: "nm", dtype: "" };
  const { voxelSize, units } = finest.metadata;
  return { scales: scales.length, shape: finest.shape, voxelSize, unit: units.at(-1) ?? "nm", dtype: finest.dtype };
}
