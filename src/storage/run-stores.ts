import { LocalArrayStore } from "./array-store.ts";
import { FileConfigStore } from "./config-store.ts";
import { FileStatsStore, type StatsReader } from "./stats-store.ts";
import type { Store } from "./store.ts";
import { LocalWeightsStore } from "./weights-store.ts";

export type RunStores = {
  readonly base: Store;
  readonly configs: FileConfigStore;
  readonly stats: FileStatsStore;
  readonly weights: LocalWeightsStore;
  readonly arrays: LocalArrayStore;
};

/** DaCapo's four stores over one runs base directory; `configs` and `stats` name other folders for theirs. */
export function toRunStores(
  base: Store,
  reader: StatsReader,
  folders: { readonly configs?: Store; readonly stats?: Store } = {},
): RunStores {
  return {
    base,
    configs: new FileConfigStore(folders.configs ?? base.within("configs")),
    stats: new FileStatsStore(folders.stats ?? base.within("stats"), reader),
    weights: new LocalWeightsStore(base),
    arrays: new LocalArrayStore(base),
  };
}
