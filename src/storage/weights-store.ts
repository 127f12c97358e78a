import type { ModelAbsence, ModelPlan, PlanOptions, RetrievedModel } from "./model-weights.ts";
import { mapConcurrently, parseJsonRecord, readOptional, readStamp } from "./probe.ts";
import { toBestPaths, toIterations, toWeightsFolder, toWeightsPath } from "./run-layout.ts";
import type { Fetched, ListOptions, ReadOptions, Store } from "./store.ts";
import { joinPath } from "./store-path.ts";
import type { ZipDirectory, ZipEntry } from "./zip-directory.ts";

const TAIL_BYTES = 2 ** 16;
const AT_ONCE = 6;

export type IterationOptions = ListOptions & {
  /** Iterations to look for where the server gives no listing: those with scores, multiples of the interval. */
  readonly candidates?: Iterable<number>;
};

export type CheckpointDirectory =
  | { readonly status: "absent" }
  /** Still being written: no zip directory at its end yet, or one without `data.pkl`. */
  | { readonly status: "incomplete" }
  | { readonly status: "complete"; readonly size: number; readonly entries: readonly ZipEntry[] };

/**
 * Checkpoints below a runs base directory, as DaCapo's `LocalWeightsStore` names them. Read-only.
 * What reads them is fetched when one is read: listing them is part of every first look.
 */
export class LocalWeightsStore {
  readonly basedir: Store;
  // checkpoints are only ever added: where there is no listing, those found are not asked for again
  readonly #found = new Set<string>();

  constructor(basedir: Store) {
    this.basedir = basedir;
  }

  /** Iterations with a checkpoint, ascending; the last may still be being written. */
  async listIterations(run: string, options: IterationOptions = {}): Promise<readonly number[]> {
    const listing = await this.basedir.list(toWeightsFolder(run), options);
    if (listing) return toIterations(listing.files);
    const candidates = [...new Set(options.candidates)].sort((a, b) => a - b);
    const there = await mapConcurrently(candidates, AT_ONCE, (n) => this.#isThere(toWeightsPath(run, n), options));
    return candidates.filter((_, index) => there[index]);
  }

  async latestIteration(run: string, options: IterationOptions = {}): Promise<number | undefined> {
    return (await this.listIterations(run, options)).at(-1);
  }

  /** The checkpoint as a zip's list of files, in one or two small requests. */
  async readDirectory(run: string, iteration: number, options: ListOptions = {}): Promise<CheckpointDirectory> {
    return this.#readTail(toWeightsPath(run, iteration), TAIL_BYTES, options);
  }

  /** The whole checkpoint: a torch zip. */
  retrieveWeights(run: string, iteration: number, options: ReadOptions = {}): Promise<Fetched> {
    return this.basedir.read(toWeightsPath(run, iteration), options);
  }

  /** What fetching the model without its optimizer will cost, for three small requests at most. Throws as `planModel`. */
  async planModelRead(run: string, iteration: number, options: PlanOptions = {}): Promise<ModelPlan | ModelAbsence> {
    const { planModel } = await import("./model-weights.ts");
    return planModel(this.basedir, toWeightsPath(run, iteration), options);
  }

  /** Fetches what was planned; `onProgress` counts towards `ModelPlan.bytes`. Throws as `planModel`. */
  async readModel(plan: ModelPlan, options: ReadOptions = {}): Promise<RetrievedModel | ModelAbsence> {
    const { readModel } = await import("./model-weights.ts");
    return readModel(plan, options);
  }

  /** The model's weights without the optimizer's. Throws as `planModel`. */
  async retrieveModel(
    run: string,
    iteration: number,
    options: ReadOptions = {},
  ): Promise<RetrievedModel | ModelAbsence> {
    const plan = await this.planModelRead(run, iteration, options.signal ? { signal: options.signal } : {});
    return plan.status === "planned" ? this.readModel(plan, options) : plan;
  }

  /** Whether DaCapo left the (possibly empty) TorchScript trace. */
  async hasTrace(run: string, options: ListOptions = {}): Promise<boolean> {
    return (await readStamp(this.basedir, joinPath(run, "checkpoints", "trace.pt"), options)) !== undefined;
  }

  /**
   * The iteration that DaCapo recorded as best, in either order of folder and file. A pointer to a checkpoint that is
   * not there counts as none.
   * @param dataset a name or a folder form of it
   */
  async retrieveBest(
    run: string,
    dataset: string,
    criterion: string,
    options: ListOptions = {},
  ): Promise<number | undefined> {
    for (const path of toBestPaths(run, dataset, criterion)) {
      const found = await readOptional(this.basedir, path, { ...options, maxBytes: 2 ** 16 });
      const iteration = found && toPointer(found.bytes);
      if (iteration === undefined) continue;
      if (await readStamp(this.basedir, toWeightsPath(run, iteration), options)) return iteration;
    }
    return undefined;
  }

  async #isThere(path: string, { signal }: ListOptions): Promise<boolean> {
    if (this.#found.has(path)) return true;
    const stamp = await readStamp(this.basedir, path, signal ? { signal } : {});
    if (stamp) this.#found.add(path);
    return stamp !== undefined;
  }

  async #readTail(path: string, length: number, options: ListOptions): Promise<CheckpointDirectory> {
    const fetched = await this.basedir.readRange(path, { suffixLength: length }, options);
    if (fetched.status !== "found") return { status: "absent" };
    const { parseZipTail } = await import("./zip-directory.ts");
    const tail = parseZipTail(fetched.bytes, fetched.stamp.size);
    if (tail.status !== "longer") return tail.status === "complete" ? toDirectory(tail) : tail;
    return tail.suffixLength > length ? this.#readTail(path, tail.suffixLength, options) : { status: "incomplete" };
  }
}

function toDirectory({ size, entries }: ZipDirectory): CheckpointDirectory {
  const isWhole = entries.some((entry) => /^([^/]+\/)?data\.pkl$/.test(entry.name));
  return isWhole ? { status: "complete", size, entries } : { status: "incomplete" };
}

function toPointer(bytes: Uint8Array): number | undefined {
  const record = parseJsonRecord(bytes);
  const iteration = record && Object.hasOwn(record, "iteration") ? record.iteration : undefined;
  return typeof iteration === "number" && Number.isSafeInteger(iteration) && iteration >= 0 ? iteration : undefined;
}
