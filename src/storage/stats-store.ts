import type { TrainingStats } from "#dacapo/training-stats.ts";
import type { ValidationIterationScores } from "#dacapo/validation-scores.ts";
import { FormatError } from "./formats/format-error.ts";
import { readStamp } from "./probe.ts";
import { type StatsFormat, type StatsKind, toStatsFolder, toStatsPath } from "./run-layout.ts";
import type { ListOptions, Stamp, Store } from "./store.ts";

/** One look at a file that DaCapo rewrites in place. `torn`: caught while it was being written. */
export type StatsReading<T> =
  | { readonly status: "found"; readonly value: T; readonly stamp: Stamp; readonly format: StatsFormat }
  | { readonly status: "torn"; readonly stamp: Stamp; readonly error: FormatError }
  | { readonly status: "unchanged" | "absent" };

export type StatsByKind = {
  readonly training: TrainingStats;
  readonly validation: readonly ValidationIterationScores[];
};

export type StatsProgress = (done: number, total: number) => void;

/** Turns bytes into values, in a worker or here. @throws FormatError "torn" for an incomplete file */
export type StatsReader = {
  read<K extends StatsKind>(
    kind: K,
    format: StatsFormat,
    bytes: Uint8Array,
    options: {
      readonly signal?: AbortSignal;
      readonly onProgress?: StatsProgress;
      /** The bytes may be taken from the caller, who then finds them empty. */
      readonly takeBytes?: boolean;
    },
  ): Promise<StatsByKind[K]>;
};

export type StatsOptions = ListOptions & {
  /** The stamp of the last value found: answer "unchanged" when it still holds. */
  readonly unless?: Stamp;
  /** From 0 to 1, download and parsing together. */
  readonly onProgress?: (part: number) => void;
};

/**
 * Losses and scores below a stats folder, as DaCapo's `FileStatsStore` names them, from its pickles or from JSON documents
 * beside them: of two files the newer. Remembers which of them it reads; one instance per followed run.
 */
export class FileStatsStore {
  readonly path: Store;
  readonly #reader: StatsReader;
  readonly #chosen = new Map<string, Choice>();
  readonly #missed = new Set<string>();
  /** What could not be parsed is not fetched again until it changes. */
  readonly #unread = new Map<string, { readonly stamp: Stamp; readonly error: FormatError }>();

  constructor(path: Store, reader: StatsReader) {
    this.path = path;
    this.#reader = reader;
  }

  retrieveTrainingStats(run: string, options: StatsOptions = {}): Promise<StatsReading<TrainingStats>> {
    return this.#retrieve("training", run, options);
  }

  retrieveValidationIterationScores(
    run: string,
    options: StatsOptions = {},
  ): Promise<StatsReading<readonly ValidationIterationScores[]>> {
    return this.#retrieve("validation", run, options);
  }

  /** Of the file that is read; of DaCapo's own where none was found. */
  urlOf(kind: StatsKind, run: string): string {
    return this.path.urlOf(toStatsPath(kind, run, this.#chosen.get(`${kind}/${run}`)?.format ?? "pickle"));
  }

  async #retrieve<K extends StatsKind>(
    kind: K,
    run: string,
    options: StatsOptions,
  ): Promise<StatsReading<StatsByKind[K]>> {
    const before = this.#chosen.get(`${kind}/${run}`);
    const choice = before && !before.hasRival ? before : await this.#choose(kind, run, options);
    if (choice === undefined) {
      this.#missed.add(`${kind}/${run}`);
      return { status: "absent" };
    }
    this.#chosen.set(`${kind}/${run}`, choice);
    const { unless, ...rest } = options;
    const isKnown = unless !== undefined && before?.format === choice.format;
    const reading = await this.#read(kind, toStatsPath(kind, run, choice.format), choice.format, {
      ...rest,
      ...(isKnown && { unless }),
    });
    if (reading.status === "absent") this.#chosen.delete(`${kind}/${run}`);
    return reading;
  }

  /** The file to read: the only one there, or the newer by `Last-Modified`; the pickle where that is not told. */
  async #choose(kind: StatsKind, run: string, { signal }: ListOptions): Promise<Choice | undefined> {
    const options = signal ? { signal } : {};
    // a listing is dear: once it named neither, the two are simply asked for
    const listing = this.#missed.has(`${kind}/${run}`) ? undefined : await this.path.list(toStatsFolder(kind), options);
    const isListed = (format: StatsFormat) => listing?.files.includes(toFileName(run, format)) ?? true;
    const formats = (["pickle", "json"] as const).filter(isListed);
    if (listing && formats.length < 2) return formats[0] && { format: formats[0], hasRival: false };
    const [pickle, json] = await Promise.all(
      (["pickle", "json"] as const).map((format) => readStamp(this.path, toStatsPath(kind, run, format), options)),
    );
    if (pickle && json) return { format: toTime(json) > toTime(pickle) ? "json" : "pickle", hasRival: true };
    return pickle ? { format: "pickle", hasRival: false } : json && { format: "json", hasRival: true };
  }

  async #read<K extends StatsKind>(
    kind: K,
    path: string,
    format: StatsFormat,
    { signal, unless, onProgress }: StatsOptions,
  ): Promise<StatsReading<StatsByKind[K]>> {
    const common = signal ? { signal } : {};
    const onDownload = (loaded: number, total: number | undefined) => onProgress?.(total ? loaded / total / 2 : 0);
    const known = this.#unread.get(path);
    const since = known?.stamp ?? unless;
    const fetched = await this.path.read(path, { ...common, ...(since && { unless: since }), onProgress: onDownload });
    if (fetched.status === "unchanged" && known !== undefined) return toTorn(known);
    this.#unread.delete(path);
    if (fetched.status !== "found") return fetched;
    const onParse: StatsProgress = (done, total) => onProgress?.(0.5 + done / total / 2);
    const parsing = { ...common, onProgress: onParse, takeBytes: true };
    try {
      const value = await this.#reader.read(kind, format, fetched.bytes, parsing);
      return { status: "found", value, stamp: fetched.stamp, format };
    } catch (error) {
      if (!(error instanceof FormatError)) throw error;
      const unread = { stamp: fetched.stamp, error };
      this.#unread.set(path, unread);
      return toTorn(unread);
    }
  }
}

/** @throws the error of a file that is whole and yet cannot be read */
function toTorn(unread: { readonly stamp: Stamp; readonly error: FormatError }) {
  if (unread.error.tag !== "torn") throw unread.error;
  return { status: "torn", ...unread } as const;
}

/** `hasRival`: the other file exists too, or may appear and win: both are compared at every look. */
type Choice = { readonly format: StatsFormat; readonly hasRival: boolean };

function toFileName(run: string, format: StatsFormat): string {
  return format === "json" ? `${run}.json` : run;
}

function toTime({ lastModified }: Stamp): number {
  const time = Date.parse(lastModified ?? "");
  return Number.isNaN(time) ? Number.NEGATIVE_INFINITY : time;
}
