import type { ArrayConfig } from "#dacapo/array-config.ts";
import type { DatasetConfig } from "#dacapo/dataset-config.ts";
import type { VoxelData } from "#storage/open-array.ts";

/** What the network sees of a stored value: (value - min) / (max - min), not clipped, rounded to float32. */
export type Normalisation = { readonly min: number; readonly max: number };

/** The value itself: what DaCapo keeps as a validation input is normalised already. */
export const NOT_NORMALISED: Normalisation = { min: 0, max: 1 };

export type NormalisationResult =
  | { readonly ok: true; readonly normalisation: Normalisation; readonly reason: string }
  | { readonly ok: false; readonly problem: string };

const RANGES: ReadonlyMap<string, number> = new Map([
  ["u1", 255],
  ["u2", 65535],
]);

/** SimpleDataset's rule, and that of `dacapo apply`: by the type of the stored values ("|u1", "<u2", "<f4"). */
export function normalisationOfDtype(dtype: string): NormalisationResult {
  const plain = dtype.slice(1);
  const max = RANGES.get(plain);
  if (max !== undefined) {
    return { ok: true, normalisation: { min: 0, max }, reason: `DaCapo divides these whole numbers by ${max}.` };
  }
  if (plain.startsWith("f")) {
    return { ok: true, normalisation: NOT_NORMALISED, reason: "Values with a fraction are taken as they are." };
  }
  return {
    ok: false,
    problem: `DaCapo has no rule for values of type ${dtype}; give the values that count as 0 and as 1.`,
  };
}

/** What the run's own config does to the raw of this dataset, whose source holds values of `dtype`. */
export function normalisationOfDataset(dataset: DatasetConfig, dtype: string): NormalisationResult {
  if (dataset.type === "RawGTDatasetConfig" || dataset.type === "DummyDatasetConfig") {
    return dataset.rawConfig ? normalisationOfArray(dataset.rawConfig) : normalisationOfDtype(dtype);
  }
  return normalisationOfDtype(dtype);
}

/** Array configs pass their source's values on, but for the intensities, which scale them. */
function normalisationOfArray(config: ArrayConfig): NormalisationResult {
  switch (config.type) {
    case "IntensitiesArrayConfig": {
      const source = normalisationOfArray(config.sourceArrayConfig);
      return source.ok ? scaleFurther(source.normalisation, config) : source;
    }
    case "CropArrayConfig":
      return normalisationOfArray(config.sourceArrayConfig);
    case "ZarrArrayConfig":
    case "TiffArrayConfig":
      return { ok: true, normalisation: NOT_NORMALISED, reason: "The run's config takes the values as they are." };
    default:
      return {
        ok: false,
        problem: `The run makes its raw by ${config.type}, which cannot be repeated here; give the values that count as 0 and as 1.`,
      };
  }
}

function scaleFurther(source: Normalisation, { min, max }: Normalisation): NormalisationResult {
  const range = source.max - source.min;
  const normalisation = { min: source.min + min * range, max: source.min + max * range };
  if (!(normalisation.max !== normalisation.min) || !Number.isFinite(normalisation.max - normalisation.min)) {
    return { ok: false, problem: `The run's config scales ${min} to ${max}, which is no range; give one.` };
  }
  const reason = `The run's config makes 0 of ${normalisation.min} and 1 of ${normalisation.max}.`;
  return { ok: true, normalisation, reason };
}

/** Float32 of every value; a new array unless the values are float32 and stay as they are. */
export function normalise(data: VoxelData, { min, max }: Normalisation): Float32Array<ArrayBuffer> {
  if (min === 0 && max === 1)
    return data instanceof Float32Array ? data : Float32Array.from(data as Float64Array, Number);
  const range = max - min;
  const values = new Float32Array(data.length);
  for (let i = 0; i < values.length; i++) values[i] = (Number(data[i]) - min) / range;
  return values;
}
