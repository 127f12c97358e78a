// Which layers show what networks compute in this page: the present one, and one that is kept to be compared with it.
import type { AppState, DrawnInference, RunState } from "./app-state.ts";
import { modelPathOf, titleOf } from "./inference-task.ts";
import type { LayerPlan } from "./layer-plan.ts";

export type Inferences = Partial<Pick<AppState, "inference" | "inferenceB">>;

/** What lies elsewhere takes the place of the dataset. */
export function planOwnRaw(run: RunState, dataset: string | undefined, inferences: Inferences): LayerPlan | undefined {
  const drawn = drawnOf(inferences);
  if (drawn?.ownRaw === undefined || drawn.run !== run.id || drawn.dataset !== dataset) return undefined;
  const { name, address: source } = drawn.ownRaw;
  const { generation } = drawn;
  const path = `${source}#${generation}`;
  return {
    ...{ name: "raw", run: run.id, path, source, generation },
    ...{ title: `raw: ${name}`, visible: true },
  };
}

/** Lowest first. */
export function planInferences(run: RunState, dataset: string | undefined, inferences: Inferences): LayerPlan[] {
  const drawn = drawnOf(inferences);
  const place = JSON.stringify([run.id, dataset, drawn?.dataset === dataset ? drawn?.ownRaw?.id : undefined]);
  const isHere = (task: DrawnInference) => JSON.stringify([task.run, task.dataset, task.ownRaw?.id]) === place;
  const { inference, inferenceB } = inferences;
  const withheld = drawn === inference ? refusalOf(inference) : undefined;
  const refusal = withheld === undefined ? {} : { withheld, visible: false };
  return [
    ...(inferenceB && isHere(inferenceB) ? [toKeptPlan(inferenceB)] : []),
    ...(drawn && isHere(drawn) ? [{ ...toPlan("inference", drawn), ...refusal }] : []),
  ];
}

/** The layer exists from when there is something to compute with; the former stays until then. */
function drawnOf({ inference }: Inferences): DrawnInference | undefined {
  return inference?.card === undefined ? inference?.drawn : inference;
}

/** Hidden until a person flickers between the two. */
function toKeptPlan(kept: DrawnInference): LayerPlan {
  return { ...toPlan("inference B", kept), title: `${titleOf(kept)} (B)`, visible: false };
}

function toPlan(name: LayerPlan["name"], drawn: DrawnInference): LayerPlan {
  const { run, iteration, ownModel, generation } = drawn;
  return {
    ...{ name, run, generation },
    path: `${modelPathOf(drawn)}#${generation}`,
    title: titleOf(drawn),
    ...(iteration !== undefined && { iteration }),
    ...(ownModel && { source: ownModel.address }),
    visible: true,
  };
}

/** Why a prediction made here is not shown; a sentence. */
export function refusalOf(inference: AppState["inference"]): string | undefined {
  if (inference?.parity?.level !== "refuse" || inference.insisted) return undefined;
  return inference.parity.sentences[0] ?? "Its values are not what the network gives.";
}
