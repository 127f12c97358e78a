import "neuroglancer/unstable/kvstore/proxy.js"; // answers what the worker asks the page for
import { frontendOnlyKvStoreProviderRegistry } from "neuroglancer/unstable/kvstore/frontend.js";
import type { DriverReadOptions, KvStore, ReadResponse } from "neuroglancer/unstable/kvstore/index.js";
import { type RPC, registerRPC } from "neuroglancer/unstable/worker_rpc.js";
import {
  CONVERTED_SCHEME,
  READ_THERE_RPC_ID,
  type ReadThere,
  STORED_SCHEME,
  splitSuffix,
  VOLUME_RPC_ID,
} from "./volume-keys.ts";
import type { VolumeSource } from "./volume-source.ts";

/** The volumes of one viewer, by their ids. */
export type VolumeSources = {
  /** Before a layer of it is made. */
  add(source: VolumeSource): void;
  remove(source: VolumeSource): void;
  clear(): void;
};

type ById = ReadonlyMap<string, VolumeSource>;

/** neuroglancer makes one key-value context for each chunk manager, so two viewers on a page keep their volumes apart. */
const sourcesOf = new WeakMap<object, ById>();

const sourcesByRpc = new WeakMap<RPC, ById>();

registerRPC(READ_THERE_RPC_ID, function (this: RPC, { id, bytes }: ReadThere) {
  sourcesByRpc.get(this)?.get(id)?.countRead(bytes);
});

/** Before a Viewer is made with this chunk manager, whose worker is at the other end of `rpc`. */
export function serveVolumes(chunkManager: object, rpc: RPC): VolumeSources {
  const sources = new Map<string, VolumeSource>();
  sourcesOf.set(chunkManager, sources);
  sourcesByRpc.set(rpc, sources);
  return {
    add(source) {
      sources.set(source.id, source);
      rpc.invoke(VOLUME_RPC_ID, { ...source.facts });
    },
    remove: ({ id }) => void sources.delete(id),
    clear: () => sources.clear(),
  };
}

function createStore(scheme: string, id: string, sources: ById | undefined): KvStore {
  const read = async (key: string, options: DriverReadOptions): Promise<ReadResponse | undefined> => {
    const found = await sources?.get(id)?.read(key, { signal: options.signal, byteRange: options.byteRange });
    if (found === undefined) return undefined;
    const { bytes, totalSize } = found;
    const offset = options.byteRange && "offset" in options.byteRange ? options.byteRange.offset : 0;
    return { response: new Response(bytes as BodyInit), offset, length: bytes.byteLength, totalSize };
  };
  return {
    getUrl: (key) => `${scheme}://${id}/${key}`,
    read,
    stat: async (key, options) => {
      const found = await read(key, options);
      return found && { totalSize: found.totalSize };
    },
    supportsOffsetReads: true,
    supportsSuffixReads: true,
  };
}

for (const scheme of [STORED_SCHEME, CONVERTED_SCHEME]) {
  frontendOnlyKvStoreProviderRegistry.registerBaseKvStoreProvider((context) => ({
    scheme,
    description: "Volumes that the page reads itself",
    getKvStore: (url) => {
      const { id, path } = splitSuffix(url.suffix);
      return { store: createStore(scheme, id, sourcesOf.get(context.chunkManager)), path };
    },
  }));
}
