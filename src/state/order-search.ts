// The work behind the order of the datasets: fetched when a run first needs it, after the volumes, as few runs do twice.
import type { DatasetOrder, OrderQuestion } from "#evaluation/dataset-order.ts";
import { createOrderResolver } from "#evaluation/order-resolver.ts";
import type { RunState } from "./app-state.ts";
import { readLabelPair } from "./read-label-pair.ts";
import type { RunSource } from "./run-source.ts";
import { scoresOf } from "./selectors.ts";

/** Scores one stored output of each dataset again, off the page's thread. */
export async function searchOrder(
  source: RunSource,
  run: RunState,
  question: OrderQuestion,
  signal: AbortSignal,
): Promise<DatasetOrder> {
  const resolver = createOrderResolver();
  try {
    const scores = scoresOf(run)?.scores;
    return await resolver.resolve(
      question,
      (dataset, evidence, stop) => readLabelPair(source, run, scores, dataset, evidence, stop ?? signal),
      { signal },
    );
  } finally {
    resolver.dispose();
  }
}
