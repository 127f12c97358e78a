import { type DataSplitConfig, recordedValidateNames } from "./datasplit.ts";
import type { Recovered } from "./recover-criteria.ts";
import type { RunConfig } from "./run-config.ts";

/** `unknown`: the names are right, which index is which is not known. */
export type DatasetOrder = "recorded" | "single" | "unknown";

type Evidence = {
  readonly config?: Pick<RunConfig, "datasplitConfig">;
  readonly datasetNames?: readonly string[];
};

export type RecoveredDatasets = Recovered<readonly string[]> & { readonly datasetOrder: DatasetOrder };

/** From the datasplit where it lists as many, else from the volumes where as many, else numbered. */
export function recoverDatasets(evidence: Evidence, length: number): RecoveredDatasets {
  const recorded = recordedValidateNames(evidence.config?.datasplitConfig);
  const found = (evidence.datasetNames ?? []).toSorted();
  if (recorded && (length === 0 || recorded.length === length)) return settled(recorded, "recorded");
  if (found.length > 0 && (length === 0 || found.length === length)) return settled(found, "unknown");
  const value = Array.from({ length }, (_, index) => toPlaceholder(index));
  return {
    ...settled(value, "unknown"),
    notes: countNote(evidence.config?.datasplitConfig, length, found.length),
  };
}

const toPlaceholder = (index: number) => `dataset ${index}`;

/** Whether a name was made up here, for want of the dataset's own. */
export function isPlaceholder(name: string): boolean {
  return /^dataset \d+$/.test(name);
}

function settled(value: readonly string[], order: DatasetOrder): RecoveredDatasets {
  if (value.length === 1) return { value, notes: [], datasetOrder: "single" };
  const note =
    "The order of the datasets in the scores is that of the training machine's file system, recorded nowhere; they are listed by name until their outputs have been scored again.";
  return { value, notes: order === "unknown" && value.length > 1 ? [note] : [], datasetOrder: order };
}

function countNote(datasplit: DataSplitConfig | undefined, length: number, found: number): readonly string[] {
  if (length === 0) return [];
  const recorded = recordedValidateNames(datasplit)?.length;
  const listed = recorded === undefined ? "the config lists none" : `the config lists ${recorded}`;
  const note = `Scores are stored for ${length} datasets whose names are not known: ${listed}, and ${found} have volumes.`;
  const hint = "Serve the run from a server that lists directories, or name a dataset in the link with dataset=.";
  return found === 0 && recorded === undefined ? [note, hint] : [note];
}
