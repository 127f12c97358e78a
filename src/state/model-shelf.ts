// The models that a person or a host brought along: fetched or read, looked through, described. Their bytes live here, the rest is state.
import type { StoreApi } from "zustand/vanilla";
import type { OwnModel } from "#inference/own-model.ts";
import { isAbort } from "#storage/errors.ts";
import type { AppState, OwnModelState, OwnRef } from "./app-state.ts";
import { nameOfAddress } from "./own-name.ts";

export type ModelShelf = {
  /** Resolves once the model can be run. Rejects with a sentence; the state then says it too. */
  addUrl(address: string): Promise<OwnRef>;
  addFile(file: File): Promise<OwnRef>;
  /** How the axes of its input are to be read. */
  setLayout(id: string, layout: string): Promise<void>;
  forget(id: string): void;
  get(id: string): OwnModel | undefined;
  dispose(): void;
};

type Load = (signal: AbortSignal, onDownload: (loaded: number, total: number | undefined) => void) => Promise<OwnModel>;

export function createModelShelf(store: StoreApi<AppState>, page: string): ModelShelf {
  const models = new Map<string, OwnModel>();
  const closed = new AbortController();
  let count = 0;

  function patch(id: string, part: Partial<OwnModelState>): void {
    store.setState((state) => ({ models: state.models.map((each) => (each.id === id ? { ...each, ...part } : each)) }));
  }

  async function add(ref: OwnRef, load: Load): Promise<OwnRef> {
    const entry: OwnModelState = { ...ref, status: "loading", layouts: [] };
    store.setState(({ models: before, pick }) => ({
      models: [...before.filter(({ address }) => address !== ref.address), entry],
      pick: { ...pick, model: ref.id },
    }));
    const onDownload = (loaded: number, total: number | undefined) =>
      patch(ref.id, { download: { loaded, ...(total !== undefined && { total }) } });
    try {
      const [model, { describeModel }] = await Promise.all([
        load(closed.signal, onDownload),
        import("./describe-model.ts"),
      ]);
      models.set(ref.id, model);
      patch(ref.id, { status: "ready", ...describeModel(model) });
    } catch (error) {
      if (!isAbort(error, closed.signal))
        patch(ref.id, { status: "failed", message: error instanceof Error ? error.message : String(error) });
      throw error;
    }
    return ref;
  }

  return {
    addUrl(address) {
      count += 1;
      const ref = { id: `model ${count}`, name: nameOfAddress(address), address };
      return add(ref, async (signal, onDownload) =>
        (await import("./own-file.ts")).loadModel(address, { page, signal, onDownload }),
      );
    },
    addFile(file) {
      count += 1;
      const ref = { id: `model ${count}`, name: file.name, address: `file:${encodeURIComponent(file.name)}` };
      return add(ref, async (signal, onDownload) =>
        (await import("./own-file.ts")).readModelFile(file, { page, signal, onDownload }),
      );
    },
    async setLayout(id, layout) {
      const model = models.get(id);
      if (model === undefined) return;
      const { describeModel } = await import("./describe-model.ts");
      const changed = { ...model, wishes: { ...model.wishes, inputLayout: layout } };
      models.set(id, changed);
      patch(id, describeModel(changed));
    },
    forget(id) {
      models.delete(id);
      store.setState((state) => ({
        models: state.models.filter((each) => each.id !== id),
        pick: state.pick.model === id ? { ...state.pick, model: undefined } : state.pick,
      }));
    },
    get: (id) => models.get(id),
    dispose: () => closed.abort(),
  };
}
