import * as v from "valibot";

/** The state of the public contract, section 4, written down a second time from its page: extra fields are welcome there. */

const text = v.pipe(v.string(), v.minLength(1));
const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const ascending = v.pipe(
  v.array(count),
  v.check((all) => all.every((n, i) => i === 0 || n > (all[i - 1] ?? n)), "ascending, each once"),
);
const unique = v.pipe(
  v.array(text),
  v.check((all) => new Set(all).size === all.length, "each once"),
);
const finite = v.pipe(v.number(), v.finite());

const problem = v.looseObject({ code: text, message: text, subject: v.string() });

const best = v.looseObject({ dataset: text, criterion: text, iteration: count, parameters: text, score: finite });

const run = v.pipe(
  v.looseObject({
    url: text,
    name: text,
    status: v.picklist(["loading", "ready", "partial", "error"]),
    problems: v.array(problem),
    trainedUntil: count,
    validatedUntil: count,
    validationIterations: ascending,
    volumeIterations: ascending,
    datasets: unique,
    criteria: unique,
    parameters: unique,
    best: v.array(best),
    checkpoints: ascending,
  }),
  v.check(
    ({ best: all, datasets, criteria, parameters, validationIterations }) =>
      all.every(
        (each) =>
          datasets.includes(each.dataset) &&
          criteria.includes(each.criterion) &&
          parameters.includes(each.parameters) &&
          validationIterations.includes(each.iteration),
      ),
    "each best is of a dataset, criterion, parameters and iteration of the run",
  ),
  v.check(
    ({ best: all }) => new Set(all.map((each) => JSON.stringify([each.dataset, each.criterion]))).size === all.length,
    "one best a dataset and criterion",
  ),
);

const layer = v.looseObject({
  name: text,
  run: text,
  source: text,
  iteration: v.optional(count),
  visible: v.boolean(),
});

const view = v.looseObject({
  position: v.optional(v.pipe(v.array(finite), v.length(3))),
  scale: v.optional(v.pipe(finite, v.gtValue(0))),
  layout: v.optional(text),
  unit: v.optional(text),
});

const inference = v.looseObject({
  device: v.picklist(["webgpu", "wasm"]),
  model: text,
  status: v.picklist(["loading", "running", "idle", "error"]),
  blocksDone: count,
  blocksQueued: count,
});

export const stateSchema = v.pipe(
  v.looseObject({
    runs: v.array(run),
    selection: v.looseObject({
      run: v.optional(text),
      dataset: v.optional(text),
      iteration: v.optional(count),
      criterion: v.optional(text),
      parameters: v.optional(text),
    }),
    layers: v.pipe(
      v.array(layer),
      v.check((all) => new Set(all.map(({ name }) => name)).size === all.length, "one layer a name"),
    ),
    view,
    inference: v.nullable(inference),
    settled: v.boolean(),
  }),
  v.check(
    ({ runs, settled }) => !settled || runs.every(({ status }) => status !== "loading"),
    "settled only when no run is loading",
  ),
  v.check(
    ({ inference: network, settled }) => !settled || (network?.status !== "loading" && network?.status !== "running"),
    "settled only when nothing is being computed",
  ),
  v.check(
    ({ layers, settled, view: shown }) =>
      !settled || layers.length === 0 || (shown.position !== undefined && shown.scale !== undefined),
    "what is drawn has a place",
  ),
);

export type State = v.InferOutput<typeof stateSchema>;

/** Sentences about what a `state` message has wrong; none where it keeps the contract. */
export function faultsOf(state: unknown): readonly string[] {
  const parsed = v.safeParse(stateSchema, state);
  return parsed.success ? [] : parsed.issues.map((issue) => `${v.getDotPath(issue) ?? "state"}: ${issue.message}`);
}
