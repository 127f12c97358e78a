// What is computed as a whole outlives the page: the blocks in the browser's private storage, what they are for here.
import * as v from "valibot";
import type { InferenceJob, InferenceState } from "./app-state.ts";
import type { KeyValue } from "./recents.ts";

const storageKey = "dacapo-run-viewer.inference-job";

const settingsSchema = v.object({
  halfPrecision: v.optional(v.literal(true)),
  augmentation: v.optional(v.picklist(["flips", "all"])),
  edges: v.optional(v.literal("reflect")),
  seamless: v.optional(v.literal(true)),
  keep: v.optional(v.literal(true)),
});
const schema = v.object({
  run: v.pipe(v.string(), v.maxLength(4096)),
  iteration: v.number(),
  dataset: v.pipe(v.string(), v.maxLength(512)),
  device: v.picklist(["webgpu", "wasm"]),
  settings: v.optional(settingsSchema),
  done: v.number(),
  total: v.number(),
});

export function readJob(storage: KeyValue | undefined): InferenceJob | undefined {
  try {
    const parsed = v.safeParse(schema, JSON.parse(storage?.getItem(storageKey) ?? "null"));
    return parsed.success ? (parsed.output as InferenceJob) : undefined;
  } catch {
    return undefined; // refused by the browser, or not JSON: there is nothing to go on with
  }
}

/** Undefined forgets it. */
export function writeJob(storage: KeyValue | undefined, job: InferenceJob | undefined): void {
  try {
    storage?.setItem(storageKey, JSON.stringify(job ?? null));
  } catch {
    // full or refused: it cannot be gone on with after a reload
  }
}

/** What would go on with it; undefined for what a later visit does not have at hand any more. */
export function toJob(inference: InferenceState, done: number, total: number): InferenceJob | undefined {
  const { run, iteration, dataset, ownModel, ownRaw, device, settings } = inference;
  if (iteration === undefined || dataset === undefined || ownModel !== undefined || ownRaw !== undefined)
    return undefined;
  return { run, iteration, dataset, device, ...(settings && { settings }), done, total };
}
