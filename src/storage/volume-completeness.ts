/** What lies on disk for one iteration and dataset. `whole`: DaCapo wrote something after it, so it is finished. */
export type DatasetVolumes = {
  /** The dataset's name as DaCapo gives it ("vnc/crop_a"). */
  readonly dataset: string;
  /** Its path below the iteration ("ds_vnc_crop_a"). */
  readonly folder: string;
  readonly prediction: "absent" | "partial" | "whole";
  /** In the order in which DaCapo writes them. */
  readonly outputs: readonly { readonly parameters: string; readonly whole: boolean }[];
};

export type IterationVolumes = { readonly iteration: number; readonly datasets: readonly DatasetVolumes[] };

/** Arrays that were found, not yet judged; `outputs` in the order in which DaCapo writes them. */
export type FoundVolumes = {
  readonly dataset: string;
  readonly folder: string;
  readonly prediction: boolean;
  readonly outputs: readonly string[];
};

/**
 * Judges by the order of writes, as chunk counts tell nothing (empty chunks are never written): a validation writes one
 * dataset after another, of each the prediction and then output by output, and after all of them the scores.
 */
export function toDatasetVolumes(found: readonly FoundVolumes[], isScored: boolean): readonly DatasetVolumes[] {
  return found.map((volumes) => {
    const { dataset, folder, prediction, outputs } = volumes;
    // the order of datasets is not recorded: that another one lacks what this one has shows that it came later
    const isPassed = isScored || found.some((other) => other !== volumes && countArrays(other) < countArrays(volumes));
    return {
      dataset,
      folder,
      prediction: !prediction ? "absent" : isPassed || outputs.length > 0 ? "whole" : "partial",
      outputs: outputs.map((parameters, index) => ({ parameters, whole: isPassed || index < outputs.length - 1 })),
    };
  });
}

function countArrays({ prediction, outputs }: FoundVolumes): number {
  return outputs.length + (prediction ? 1 : 0);
}

const naturalOrder = new Intl.Collator("en", { numeric: true });

/** Outputs in order of writing: as enumerated, then unexpected ones by their numbers. */
export function toWriteOrder(outputs: readonly string[], enumerated: readonly string[]): readonly string[] {
  const position = (name: string) => (enumerated.includes(name) ? enumerated.indexOf(name) : enumerated.length);
  return outputs.toSorted((a, b) => position(a) - position(b) || naturalOrder.compare(a, b));
}

/** Signs besides scores that a validation is over: it failed, or its scores were dropped when the training was resumed. */
export type Signs = {
  /** Iterations completed; validations of later ones are left over from before a rewind. */
  readonly trainedUntil: number;
  /** Nothing has been written for so long that nothing will be. */
  readonly isSilent: boolean;
};

/** Makes whole what is over: a validation begins when the one before it has ended. */
export function markPassed(volumes: readonly IterationVolumes[], signs: Signs): readonly IterationVolumes[] {
  const { trainedUntil, isSilent } = signs;
  const newest = Math.max(0, ...volumes.map(({ iteration }) => iteration).filter((n) => n <= trainedUntil));
  return volumes.map((entry) => (isSilent || entry.iteration < newest ? toWhole(entry) : entry));
}

function toWhole({ iteration, datasets }: IterationVolumes): IterationVolumes {
  return {
    iteration,
    datasets: datasets.map((volumes) => ({
      ...volumes,
      prediction: volumes.prediction === "absent" ? "absent" : "whole",
      outputs: volumes.outputs.map(({ parameters }) => ({ parameters, whole: true })),
    })),
  };
}
