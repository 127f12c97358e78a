import { datasetFolders, datasetNameOf, datasetOfFolder } from "#dacapo/dataset-names.ts";
import { findHolders, type Holder, isArray, isReadableArray, type LookOptions, mayBeArray } from "./array-probe.ts";
import type { OpenArrayOptions, RunArray } from "./open-array.ts";
import { mapConcurrently } from "./probe.ts";
import * as layout from "./run-layout.ts";
import { withSharedListings } from "./shared-listings.ts";
import type { Listing, ListOptions, Store } from "./store.ts";
import { joinPath } from "./store-path.ts";
import { type FoundVolumes, type IterationVolumes, toDatasetVolumes, toWriteOrder } from "./volume-completeness.ts";

/** What configs and scores say must be there: names what is found, and replaces listings where a server gives none. */
export type Expected = {
  readonly iterations?: readonly number[];
  /** Iterations with scores: everything of theirs is whole. */
  readonly scored?: readonly number[];
  readonly datasets?: readonly string[];
  readonly parameters?: readonly string[];
  readonly criteria?: readonly string[];
};

export type VolumesLook = LookOptions & {
  /** Iterations that are to be looked at before all others; asked again now and then. */
  readonly wanted?: () => readonly number[];
  /** What is known so far, ascending: once what is wanted and the newest are read, and then now and then. */
  readonly onFound?: (volumes: readonly IterationVolumes[]) => void;
};

export type InputVolumes = { readonly dataset: string; readonly raw: boolean; readonly gt: boolean };

export type StoredBest = { readonly dataset: string; readonly criterion: string };

const ITERATIONS_AT_ONCE = 4;
const AT_ONCE = 8;
const MAX_NESTING = 4;
/** Iterations, their datasets, what these hold, and outputs. */
const TOLD_AT_ONCE = 4;
const MAX_BEST_PROBES = 64;

/** Volumes below a runs base directory, as DaCapo's `LocalArrayStore` names them. */
export class LocalArrayStore {
  readonly basedir: Store;
  readonly validationContainer = layout.validationContainer;
  readonly snapshotContainer = layout.snapshotContainer;
  readonly validationInputArrays = layout.validationInputArrays;
  readonly validationPredictionArray = layout.validationPredictionArray;
  readonly validationOutputArray = layout.validationOutputArray;
  readonly bestValidationArray = layout.bestValidationArray;

  // what has scores does not change any more; a restarted run needs a new LocalArrayStore
  readonly #finished = new Map<string, IterationVolumes>();

  readonly #opened = new Map<string, RunArray>();

  constructor(basedir: Store) {
    this.basedir = basedir;
  }

  /** `path`: one of the above. What reads zarr is fetched with the first array: charts and lists do without. */
  async open(path: string, options: OpenArrayOptions = {}): Promise<RunArray | undefined> {
    const known = this.#opened.get(path);
    this.#opened.delete(path);
    if (known !== undefined) return known;
    const { openArray } = await import("./open-array.ts");
    return openArray(this.basedir, path, options);
  }

  /** Every iteration that has a prediction or an output on disk, ascending. Left out are those that cannot be opened, which are told. */
  async listVolumes(
    run: string,
    expected: Expected = {},
    { wanted = () => [], onFound, ...options }: VolumesLook = {},
  ): Promise<readonly IterationVolumes[]> {
    const root = layout.validationContainer(run);
    const base = withSharedListings(this.basedir, Number.POSITIVE_INFINITY); // for this look, what was told is not asked for
    const listing = await base.list(root, options);
    const implied = [...new Set([...(expected.scored ?? []), ...(expected.iterations ?? [])])].sort((a, b) => a - b);
    const iterations = listing ? layout.toIterations(listing.directories) : implied;
    const look: Look = { base, run, expected, options };
    const isFirst = this.#finished.size === 0; // later looks go into the newest iterations only
    let found: readonly IterationVolumes[] = [];
    let part = 0;
    for (const some of toLookOrder(iterations, wanted)) {
      if (part++ === 1 && listing && isFirst) await base.list(root, { ...options, depth: TOLD_AT_ONCE });
      const volumes = await mapConcurrently(some, ITERATIONS_AT_ONCE, (iteration) =>
        this.#readVolumes(look, iteration),
      );
      const more = volumes.filter(({ datasets }) => datasets.length > 0);
      found = [...found, ...more].sort((a, b) => a.iteration - b.iteration);
      onFound?.(found);
    }
    return found;
  }

  /** Datasets whose raw or gt DaCapo copied beside the validations; only expected ones where there is no listing. */
  async listInputs(run: string, expected: Expected = {}, options: LookOptions = {}): Promise<readonly InputVolumes[]> {
    const root = joinPath(layout.validationContainer(run), "inputs");
    const holdsInputs = ({ directories }: Listing) => directories.includes("raw") || directories.includes("gt");
    const holders = await findHolders(this.basedir, root, holdsInputs, MAX_NESTING, options);
    const sought: readonly Partial<Holder>[] = holders ?? (expected.datasets ?? []).map((path) => ({ path }));
    const inputs = await mapConcurrently(sought, AT_ONCE, async ({ path: dataset = "", listing }) => {
      const arrays = layout.validationInputArrays(run, dataset);
      const isThere = async (name: "raw" | "gt") =>
        listing?.directories.includes(name) !== false &&
        isReadableArray(this.basedir, arrays[name], options, listing !== undefined);
      const [raw, gt] = await Promise.all([isThere("raw"), isThere("gt")]);
      return { dataset, raw, gt };
    });
    return inputs.filter(({ raw, gt }) => raw || gt);
  }

  /** What one dataset has, which is opened at once: the next `open` of each is answered with it. */
  async openInputs(run: string, dataset: string, options: ListOptions = {}): Promise<InputVolumes> {
    const arrays = layout.validationInputArrays(run, dataset);
    const isThere = async (path: string) => {
      const array = await this.open(path, options).catch(() => undefined); // the look for all inputs tells why
      const isWritten = array !== undefined && Object.keys(array.attributes).length > 0;
      if (isWritten) this.#opened.set(path, array);
      return isWritten;
    };
    const [raw, gt] = await Promise.all([isThere(arrays.raw), isThere(arrays.gt)]);
    return { dataset, raw, gt };
  }

  /** Copies of the best outputs, `<dataset>/<criterion>`, that releases up to v0.2.0 wrote. */
  async listBest(run: string, expected: Expected = {}, options: ListOptions = {}): Promise<readonly StoredBest[]> {
    const root = layout.validationContainer(run);
    const listing = await this.basedir.list(root, options);
    if (listing === undefined) return this.#probeBest(run, expected, options);
    const names = listing.directories.filter((name) => name !== "inputs" && layout.parseIteration(name) === undefined);
    const paths = await mapConcurrently(names, AT_ONCE, async (name) => {
      const holders = await findHolders(this.basedir, joinPath(root, name), mayBeArray, MAX_NESTING, options);
      const arrays = (holders ?? []).map(({ path }) => joinPath(name, path));
      const there = await mapConcurrently(arrays, AT_ONCE, (path) =>
        isArray(this.basedir, joinPath(root, path), options),
      );
      return arrays.filter((_, index) => there[index]).map((path) => path.split("/"));
    });
    return paths.flat().map((path) => ({ dataset: path.slice(0, -1).join("/"), criterion: path.at(-1) ?? "" }));
  }

  /** One iteration, one entry for each dataset that has volumes there. */
  async #readVolumes(look: Look, iteration: number): Promise<IterationVolumes> {
    const { run, expected } = look;
    const isScored = expected.scored?.includes(iteration) ?? false;
    const key = JSON.stringify([run, iteration, expected.datasets, expected.parameters]);
    const known = isScored ? this.#finished.get(key) : undefined;
    if (known) return known;
    const found = await findVolumes(look, iteration, isScored);
    const present = found.filter(({ prediction, outputs }) => prediction || outputs.length > 0);
    const volumes = { iteration, datasets: toDatasetVolumes(present, isScored) };
    if (isScored && present.length > 0) this.#finished.set(key, volumes);
    return volumes;
  }

  async #probeBest(
    run: string,
    { datasets = [], criteria = [] }: Expected,
    options: ListOptions,
  ): Promise<readonly StoredBest[]> {
    const pairs = datasets
      .flatMap((dataset) => criteria.map((criterion) => ({ dataset, criterion })))
      .slice(0, MAX_BEST_PROBES);
    const there = await mapConcurrently(pairs, AT_ONCE, ({ dataset, criterion }) =>
      isArray(this.basedir, layout.bestValidationArray(run, criterion, dataset), options),
    );
    return pairs.filter((_, index) => there[index]);
  }
}

/** Whether an iteration is over shows in whether there is a newer one. */
const NEWEST = 2;
const SOME = 64;

/** Each part is looked through before the next: what is wanted and the newest, then from the newest to the oldest. */
function* toLookOrder(iterations: readonly number[], wanted: () => readonly number[]): Generator<readonly number[]> {
  let rest = iterations.toReversed();
  for (let count = NEWEST; rest.length > 0; count = SOME) {
    const wishes = new Set(wanted());
    const part = rest.filter((iteration, index) => index < count || wishes.has(iteration));
    yield part;
    const taken = new Set(part);
    rest = rest.filter((iteration) => !taken.has(iteration));
  }
}

/** One search through a run; `base` answers from what it was told before. */
type Look = {
  readonly base: Store;
  readonly run: string;
  readonly expected: Expected;
  readonly options: LookOptions;
};

async function findVolumes(look: Look, iteration: number, isScored: boolean): Promise<readonly FoundVolumes[]> {
  const { base, run, expected, options } = look;
  const root = joinPath(layout.validationContainer(run), String(iteration));
  const holders = await findHolders(base, root, holdsVolumes, MAX_NESTING, options);
  if (holders) return mapConcurrently(holders, AT_ONCE, (holder) => readListed(look, root, holder, isScored));
  const isThere = (path: string) => (isScored ? isArray : isReadableArray)(base, path, options);
  return mapConcurrently(expected.datasets ?? [], AT_ONCE, (name) => probeDataset(root, name, expected, isThere));
}

async function readListed(
  { base, expected: { datasets = [], parameters = [] }, options }: Look,
  root: string,
  { path, listing }: Holder,
  isScored: boolean,
): Promise<FoundVolumes> {
  const hasOutput = listing.directories.includes("output");
  const outputs = hasOutput ? await base.list(joinPath(root, path, "output"), options) : undefined;
  const names = toWriteOrder(outputs?.directories ?? [], parameters);
  // what has scores was written to its end: the listing is proof enough
  const isThere = async (name: string) => isScored || isReadableArray(base, joinPath(root, path, name), options, true);
  const readable = await mapConcurrently(names, AT_ONCE, (name) => isThere(joinPath("output", name)));
  return {
    dataset: datasetOfFolder(path, datasets) ?? datasetNameOf(path),
    folder: path,
    prediction: listing.directories.includes("prediction") && (await isThere("prediction")),
    outputs: names.filter((_, index) => readable[index]),
  };
}

function holdsVolumes({ directories }: Listing): boolean {
  return directories.includes("prediction") || directories.includes("output");
}

/** Asks for each file by name, under each form that the dataset's folder had in some release. */
async function probeDataset(
  root: string,
  dataset: string,
  { parameters = [] }: Expected,
  isThere: (path: string) => Promise<boolean>,
): Promise<FoundVolumes> {
  for (const folder of datasetFolders(dataset)) {
    const prediction = await isThere(joinPath(root, folder, "prediction"));
    const first = parameters[0];
    if (!prediction && (first === undefined || !(await isThere(joinPath(root, folder, "output", first))))) continue;
    const there = await mapConcurrently(parameters, AT_ONCE, (name) => isThere(joinPath(root, folder, "output", name)));
    return { dataset, folder, prediction, outputs: parameters.filter((_, index) => there[index]) };
  }
  return { dataset, folder: "", prediction: false, outputs: [] };
}
