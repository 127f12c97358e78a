import { type ArchitectureConfig, toArchitectureConfig } from "#dacapo/architecture.ts";
import type { Read } from "#dacapo/config-reader.ts";
import { type DataSplitConfig, toDataSplitConfig } from "#dacapo/datasplit.ts";
import { type RunConfig, toRunConfig } from "#dacapo/run-config.ts";
import { type TaskConfig, toTaskConfig } from "#dacapo/task.ts";
import { type TrainerConfig, toTrainerConfig } from "#dacapo/trainer.ts";
import { readYaml } from "./formats/read-yaml.ts";
import { readOptional } from "./probe.ts";
import { type ConfigKind, toConfigPath } from "./run-layout.ts";
import type { ListOptions, Stamp, Store } from "./store.ts";

/** A config, what could not be taken as it stood, and the file's own text. */
export type ConfigFile<T> = Read<T> & { readonly text: string; readonly stamp: Stamp };

const MAX_CONFIG_BYTES = 2 ** 24;

/** YAML files below a configs folder, as DaCapo's `FileConfigStore` names them; `undefined` for a name that is not there. */
export class FileConfigStore {
  readonly path: Store;

  constructor(path: Store) {
    this.path = path;
  }

  retrieveRunConfig(name: string, options: ListOptions = {}): Promise<ConfigFile<RunConfig> | undefined> {
    return this.#retrieve("runs", name, toRunConfig, options);
  }

  retrieveTaskConfig(name: string, options: ListOptions = {}): Promise<ConfigFile<TaskConfig> | undefined> {
    return this.#retrieve("tasks", name, toTaskConfig, options);
  }

  retrieveArchitectureConfig(
    name: string,
    options: ListOptions = {},
  ): Promise<ConfigFile<ArchitectureConfig> | undefined> {
    return this.#retrieve("architectures", name, toArchitectureConfig, options);
  }

  retrieveTrainerConfig(name: string, options: ListOptions = {}): Promise<ConfigFile<TrainerConfig> | undefined> {
    return this.#retrieve("trainers", name, toTrainerConfig, options);
  }

  retrieveDatasplitConfig(name: string, options: ListOptions = {}): Promise<ConfigFile<DataSplitConfig> | undefined> {
    return this.#retrieve("datasplits", name, toDataSplitConfig, options);
  }

  retrieveRunConfigNames(options: ListOptions = {}): Promise<readonly string[] | undefined> {
    return this.retrieveNames("runs", options);
  }

  /** Names of one kind of config, without the ".yaml"; `undefined` where the server gives no listing. */
  async retrieveNames(kind: ConfigKind, options: ListOptions = {}): Promise<readonly string[] | undefined> {
    const listing = await this.path.list(kind, options);
    const isYaml = (file: string) => file.endsWith(".yaml") && !file.startsWith(".");
    return listing?.files.filter(isYaml).map((file) => file.slice(0, -".yaml".length));
  }

  /** @throws FormatError when the YAML does not parse, StorageError */
  async #retrieve<T>(
    kind: ConfigKind,
    name: string,
    convert: (value: unknown) => Read<T>,
    options: ListOptions,
  ): Promise<ConfigFile<T> | undefined> {
    const found = await readOptional(this.path, toConfigPath(kind, name), { ...options, maxBytes: MAX_CONFIG_BYTES });
    if (found === undefined) return undefined;
    const text = new TextDecoder().decode(found.bytes);
    return { ...convert(await readYaml(text)), text, stamp: found.stamp };
  }
}
