import { backendOnlyKvStoreProviderRegistry } from "neuroglancer/unstable/kvstore/backend.js";
import type { DriverReadOptions, ReadResponse } from "neuroglancer/unstable/kvstore/index.js";
import { ProxyKvStore, proxyRead } from "neuroglancer/unstable/kvstore/proxy.js";
import type { SharedKvStoreContextBase } from "neuroglancer/unstable/kvstore/register.js";
import { registerRPC } from "neuroglancer/unstable/worker_rpc.js";
import { openArray, type RunArray } from "#storage/open-array.ts";
import type { Fetched, ReadOptions, Store } from "#storage/store.ts";
import { type ChunkRecipe, readServedChunk } from "./convert-chunk.ts";
import {
  CONVERTED_SCHEME,
  parseBlock,
  READ_THERE_RPC_ID,
  type ReadThere,
  STORED_PREFIX,
  STORED_SCHEME,
  splitSuffix,
  VOLUME_RPC_ID,
  type VolumeFacts,
} from "./volume-keys.ts";
import { createWorkerReader, type WorkerReader } from "./worker-reader.ts";

type Found = Extract<Fetched, { status: "found" }>;

type VolumeReader = (key: string, options: DriverReadOptions) => ReturnType<WorkerReader["read"]>;

/** Told by the page before a chunk is asked for; ids are never used again. */
const volumes = new Map<string, VolumeFacts>();

registerRPC(VOLUME_RPC_ID, (facts: VolumeFacts) => volumes.set(facts.id, facts));

/** Gives `undefined` for what only the page can read. */
function toVolumeReader(context: SharedKvStoreContextBase, id: string): VolumeReader {
  let reader: WorkerReader | undefined;
  return async (key, { signal, byteRange }) => {
    const place = volumes.get(id)?.place;
    if (place === undefined) return undefined;
    reader ??= createWorkerReader(place);
    const fetched = await reader.read(key, { signal, byteRange });
    const told: ReadThere = { id, bytes: fetched?.status === "found" ? fetched.bytes.byteLength : 0 };
    if (fetched !== undefined) context.rpc?.invoke(READ_THERE_RPC_ID, { ...told });
    return fetched;
  };
}

/** What the worker can read for itself it does, past a page that may be busy drawing; the page reads everything else. */
class PageKvStore extends ProxyKvStore {
  readonly supportsOffsetReads = true;
  readonly supportsSuffixReads = true;
  readonly scheme: string;
  readonly id: string;
  readonly #volume: VolumeReader;

  constructor(context: SharedKvStoreContextBase, scheme: string, id: string) {
    super(context);
    this.scheme = scheme;
    this.id = id;
    this.#volume = toVolumeReader(context, id);
  }

  getUrl(key: string): string {
    return `${this.scheme}://${this.id}/${key}`;
  }

  override async read(key: string, options: DriverReadOptions): Promise<ReadResponse | undefined> {
    const fetched = parseBlock(key) === undefined ? undefined : await this.#volume(key, options);
    if (fetched === undefined) return super.read(key, options);
    return fetched.status === "absent" ? undefined : toResponse(fetched, options);
  }
}

function toResponse({ bytes, stamp }: Found, { byteRange }: DriverReadOptions): ReadResponse {
  const offset = byteRange && "offset" in byteRange ? byteRange.offset : 0;
  return { response: new Response(bytes as BodyInit), offset, length: bytes.byteLength, totalSize: stamp.size };
}

/** The array's own directory. Only what `openArray` and its chunks need. */
function createStoredStore(context: SharedKvStoreContextBase, id: string, location: string): Store {
  const readHere = toVolumeReader(context, id);
  const fetch = async (path: string, options: DriverReadOptions): Promise<Fetched> => {
    const fetched = await readHere(path, options);
    if (fetched !== undefined) return fetched;
    const response = await proxyRead(context, `${CONVERTED_SCHEME}://${id}/${STORED_PREFIX}${path}`, options);
    if (response === undefined) return { status: "absent" };
    const bytes = new Uint8Array(await response.response.arrayBuffer());
    return { status: "found", bytes, stamp: response.totalSize === undefined ? {} : { size: response.totalSize } };
  };
  const toOptions = (options: ReadOptions | undefined) => (options?.signal ? { signal: options.signal } : {});
  const store: Store = {
    kind: "memory",
    label: location,
    urlOf: (path) => (path === "" ? location : `${location}/${path}`),
    read: (path, options) => fetch(path, toOptions(options)),
    readRange: (path, byteRange, options) => fetch(path, { ...toOptions(options), byteRange }),
    list: () => Promise.resolve(undefined),
    within: () => store,
  };
  return store;
}

type Conversion = { readonly array: RunArray; readonly recipe: ChunkRecipe };

async function openConversion(context: SharedKvStoreContextBase, id: string): Promise<Conversion> {
  const recipe = volumes.get(id)?.recipe;
  if (recipe === undefined) throw new Error("The layer is gone.");
  const array = await openArray(createStoredStore(context, id, recipe.location), "");
  if (array === undefined) throw new Error(`There is no array any more at ${recipe.location}.`);
  return { array, recipe };
}

/** Chunks that neuroglancer cannot draw as they are stored, decoded and converted here, away from the page's thread. */
class ConvertingKvStore extends PageKvStore {
  #conversion: Promise<Conversion> | undefined;

  override async read(key: string, options: DriverReadOptions): Promise<ReadResponse | undefined> {
    const { array, recipe } = await this.#open();
    const bytes = await readServedChunk(array, recipe, key, options.signal);
    if (bytes === undefined) return undefined;
    return { response: new Response(bytes), offset: 0, length: bytes.byteLength, totalSize: bytes.byteLength };
  }

  #open(): Promise<Conversion> {
    this.#conversion ??= openConversion(this.sharedKvStoreContext, this.id).catch((error: unknown) => {
      this.#conversion = undefined;
      throw error;
    });
    return this.#conversion;
  }
}

backendOnlyKvStoreProviderRegistry.registerBaseKvStoreProvider((context) => ({
  scheme: STORED_SCHEME,
  getKvStore: ({ suffix }) => {
    const { id, path } = splitSuffix(suffix);
    return { store: new PageKvStore(context, STORED_SCHEME, id), path };
  },
}));

backendOnlyKvStoreProviderRegistry.registerBaseKvStoreProvider((context) => ({
  scheme: CONVERTED_SCHEME,
  getKvStore: ({ suffix }) => {
    const { id, path } = splitSuffix(suffix);
    return { store: new ConvertingKvStore(context, CONVERTED_SCHEME, id), path };
  },
}));
