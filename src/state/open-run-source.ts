// The real run source: a run's address becomes the stores below its base, under DaCapo's names.
import { datasetOfFolder } from "#dacapo/dataset-names.ts";
import type { UnreadableFile } from "#storage/array-probe.ts";
import { LocalArrayStore } from "#storage/array-store.ts";
import { FileConfigStore } from "#storage/config-store.ts";
import type { ModelCache } from "#storage/model-cache.ts";
import { openStore, toStoreDescription } from "#storage/open-store.ts";
import { readOptional } from "#storage/probe.ts";
import { toRunAddress } from "#storage/run-address.ts";
import { toConfigPath, validationContainer } from "#storage/run-layout.ts";
import { withSharedListings } from "#storage/shared-listings.ts";
import { FileStatsStore } from "#storage/stats-store.ts";
import type { Store } from "#storage/store.ts";
import { LocalWeightsStore } from "#storage/weights-store.ts";
import type { FoundVolumes, Implied, RunSource, VolumesSearch } from "./run-source.ts";
import { sharedStatsReader } from "./shared-stats-reader.ts";
import type { ViewRequest } from "./view-url.ts";

export type SourceOptions = Pick<Partial<ViewRequest>, "stats" | "configs" | "s3Endpoint">;

export type RunStores = { readonly base: Store; readonly stats: Store; readonly configs: Store };

/** @throws StorageError "bad-address" when the address names no folder of a run. */
export function openRunSource(address: string, page: string, options: SourceOptions): RunSource {
  const open = (text: string) => openStore(toStoreDescription(text, page, s3Options(options)));
  toStoreDescription(address, page, s3Options(options)); // what is wrong with it is said of the address as it was given
  const absolute = toAbsolute(address, page);
  const { base: baseAddress, name } = toRunAddress(absolute);
  const base = open(baseAddress);
  const stores = {
    base,
    stats: options.stats === undefined ? base.within("stats") : open(options.stats),
    configs: options.configs === undefined ? base.within("configs") : open(options.configs),
  };
  return toRunSource(stores, { name, url: absolute, address });
}

/** A listing of a base directory's shared folders serves all its runs for so long. */
const listingLifetimeMs = 5000;

/** The runs of one base directory, by name; what the server lists is asked for once for all of them. */
export function openBaseSources(address: string, page: string, options: SourceOptions): (name: string) => RunSource {
  const open = (text: string) => openStore(toStoreDescription(text, page, s3Options(options)));
  const url = toAbsolute(address, page);
  const base = withSharedListings(open(url), listingLifetimeMs);
  const stores = {
    base,
    stats:
      options.stats === undefined ? base.within("stats") : withSharedListings(open(options.stats), listingLifetimeMs),
    configs: options.configs === undefined ? base.within("configs") : open(options.configs),
  };
  return (name) => {
    const runUrl = toRunUrl(url, name);
    return toRunSource(stores, { name, url: runUrl, address: runUrl });
  };
}

/** The address of a run below its base. */
export function toRunUrl(base: string, name: string): string {
  return `${base}/${encodeURIComponent(name)}`;
}

function s3Options({ s3Endpoint }: SourceOptions): { s3Endpoint?: string } {
  return s3Endpoint === undefined ? {} : { s3Endpoint };
}

/** Without a trailing slash; an s3 address stays one. */
export function toAbsolute(address: string, page: string): string {
  const text = address.trim();
  const absolute = /^s3:\/\//i.test(text) || !URL.canParse(text, page) ? text : new URL(text, page).href;
  return absolute.replace(/#.*$/, "").replace(/\/+$/, "");
}

type RunIdentity = Pick<RunSource, "name" | "url" | "address">;

const MAX_GROUP_BYTES = 2 ** 20;

export function toRunSource({ base, stats, configs }: RunStores, identity: RunIdentity): RunSource {
  const { name } = identity;
  const statsStore = new FileStatsStore(stats, sharedStatsReader);
  const configStore = new FileConfigStore(configs);
  const weights = new LocalWeightsStore(base);
  const isFar = base.kind === "http" || base.kind === "s3";
  let cache: ModelCache | undefined;
  let arrays = new LocalArrayStore(base);
  let generation = 0;
  return {
    ...identity,
    async readConfig(signal) {
      const file = await configStore.retrieveRunConfig(name, { signal });
      if (file === undefined) return undefined;
      return {
        config: file.config,
        notes: file.problems.map(({ path, message }) => (path === "" ? message : `${path}: ${message}`)),
        text: file.text,
      };
    },
    readTraining: (unless, signal, onProgress) =>
      statsStore.retrieveTrainingStats(name, { signal, ...(unless && { unless }), ...(onProgress && { onProgress }) }),
    readScores: (unless, signal) =>
      statsStore.retrieveValidationIterationScores(name, { signal, ...(unless && { unless }) }),
    async findInputs(dataset, signal) {
      if (dataset === undefined) return arrays.listInputs(name, {}, { signal });
      return [await arrays.openInputs(name, dataset, { signal })];
    },
    async findVolumes(implied, signal, search) {
      if (implied.generation !== generation) arrays = new LocalArrayStore(base);
      generation = implied.generation;
      return findVolumes({ arrays, weights, base }, name, implied, signal, search);
    },
    async checkAnswers(signal) {
      await base.read(`${validationContainer(name)}/.zgroup`, { signal, maxBytes: MAX_GROUP_BYTES });
    },
    async readModel(iteration, { signal, onProgress, confirm }) {
      if (isFar) cache ??= (await import("#storage/model-cache.ts")).createModelCache(); // few visits read a model
      const plan = await weights.planModelRead(name, iteration, { signal, cache });
      if (plan.status !== "planned") return plan;
      await confirm?.(plan);
      return weights.readModel(plan, { signal, ...(onProgress && { onProgress }) });
    },
    async listSnapshots(signal) {
      const { listSnapshots } = await import("#storage/snapshots.ts");
      return listSnapshots(base, name, { signal });
    },
    openArray: (path, signal) => arrays.open(`${name}/${path}`, { signal }),
    urlOf: (path) => base.urlOf(`${name}/${path}`),
    placeOf(piece) {
      if (piece === "config") return configs.urlOf(toConfigPath("runs", name));
      if (piece === "volumes") return base.urlOf(validationContainer(name));
      return statsStore.urlOf(piece === "training" ? "training" : "validation", name);
    },
  };
}

type VolumeStores = { readonly arrays: LocalArrayStore; readonly weights: LocalWeightsStore; readonly base: Store };

async function findVolumes(
  { arrays, weights, base }: VolumeStores,
  name: string,
  implied: Implied,
  signal: AbortSignal,
  search?: VolumesSearch,
): Promise<FoundVolumes> {
  const options = { signal };
  const unreadable: UnreadableFile[] = [];
  const onUnreadable = ({ path, found }: UnreadableFile) =>
    void unreadable.push({ path: path.slice(name.length + 1), found });
  const datasets = [...implied.datasets, ...implied.likelyDatasets];
  const seekingInputs = arrays.listInputs(name, { datasets }, { ...options, onUnreadable });
  const tell = async (found: FoundVolumes["volumes"]) => {
    const inputs = await seekingInputs.catch(() => undefined); // who waits for them all reports
    if (inputs !== undefined && !signal.aborted) search?.onFound({ volumes: nameAsInputs(found, inputs), inputs });
  };
  const seeking = {
    wanted: () => search?.wanted() ?? [],
    onFound: (found: FoundVolumes["volumes"]) => void tell(found),
  };
  const [volumes, inputs, storedBest, checkpoints, containers] = await Promise.all([
    arrays.listVolumes(name, implied, { ...options, onUnreadable, ...seeking }),
    seekingInputs,
    arrays.listBest(name, implied, options),
    weights.listIterations(name, { ...options, candidates: implied.iterations }),
    findSnapshots(base, arrays.snapshotContainer(name), signal),
  ]);
  unreadable.sort((a, b) => (a.path < b.path ? -1 : 1)); // they were found side by side
  const found = volumes.length > 0 ? volumes : await listNamed(arrays, name, implied, inputs, signal);
  return { volumes: nameAsInputs(found, inputs), inputs, storedBest, checkpoints, ...containers, unreadable };
}

/** Where a server lists nothing, under the names that inputs were found under; the others were looked for before. */
async function listNamed(
  arrays: LocalArrayStore,
  name: string,
  implied: Implied,
  inputs: FoundVolumes["inputs"],
  signal: AbortSignal,
): Promise<FoundVolumes["volumes"]> {
  const datasets = inputs.map(({ dataset }) => dataset).filter((dataset) => !implied.datasets.includes(dataset));
  return datasets.length === 0 ? [] : arrays.listVolumes(name, { ...implied, datasets }, { signal });
}

/** A folder "ds_vnc_crop_a" is of the dataset "vnc/crop_a" where that has inputs: a folder alone does not tell "/" from "_". */
function nameAsInputs(volumes: FoundVolumes["volumes"], inputs: FoundVolumes["inputs"]): FoundVolumes["volumes"] {
  const names = inputs.map(({ dataset }) => dataset);
  return volumes.map(({ iteration, datasets }) => ({
    iteration,
    datasets: datasets.map((entry) => ({ ...entry, dataset: datasetOfFolder(entry.folder, names) ?? entry.dataset })),
  }));
}

async function findSnapshots(
  base: Store,
  container: string,
  signal: AbortSignal,
): Promise<Pick<FoundVolumes, "hasSnapshots" | "isListed">> {
  const [run = "", ...rest] = container.split("/");
  const listing = await base.list(run, { signal });
  if (listing !== undefined) return { hasSnapshots: listing.directories.includes(rest.join("/")), isListed: true };
  const [group, above] = await Promise.all([
    readOptional(base, `${container}/.zgroup`, { signal }),
    base.list("", { signal }),
  ]);
  return { hasSnapshots: group !== undefined, isListed: above !== undefined };
}
