// What a person is told of a followed training, in a sentence each.
import { criterionOf } from "#dacapo/evaluation-scores.ts";
import { parseParametersString, toShortLabel } from "#dacapo/post-processor-parameters.ts";
import type { Notice, RunState, Selection } from "./app-state.ts";
import type { FollowEvent } from "./follow-events.ts";
import { type resolveSelection, scoresOf } from "./selectors.ts";

type Shown = ReturnType<typeof resolveSelection>;

/** Of all new bests only that of the shown dataset and criterion is told: the others would be noise. */
export function toNotices(
  events: readonly FollowEvent[],
  run: RunState,
  shown: Shown,
  following: boolean,
  at: number,
): Notice[] {
  return events.flatMap((event) => {
    const text = textOf(event, run, shown);
    if (text === undefined) return [];
    const offer = following ? undefined : offerOf(event);
    const id = `${run.id} ${event.kind} ${at} ${text}`;
    return [
      { id, at, kind: event.kind === "resumed" ? "info" : event.kind, text, ...(offer === undefined ? {} : { offer }) },
    ];
  });
}

function textOf(event: FollowEvent, run: RunState, shown: Shown): string | undefined {
  switch (event.kind) {
    case "validation":
      return `Iteration ${event.iteration} of ${run.name} is validated.`;
    case "best":
      return isShown(event, shown) ? bestText(event, run) : undefined;
    case "rewind":
      return `${run.name} went back from iteration ${event.from} to ${event.to}: the training was resumed or restarted.`;
    case "finished":
      return `${run.name} has finished at iteration ${event.iteration}.`;
    case "stale":
      return `${run.name} has written nothing for a while; it stands at iteration ${event.iteration}.`;
    case "resumed":
      return `${run.name} is training again, at iteration ${event.iteration}.`;
  }
}

type BestEvent = Extract<FollowEvent, { kind: "best" }>;

function isShown({ best }: BestEvent, shown: Shown): boolean {
  return best.dataset === shown.dataset && best.criterion === shown.criterion;
}

function bestText({ best }: BestEvent, run: RunState): string {
  const scores = scoresOf(run)?.scores;
  const criterion = scores === undefined ? undefined : criterionOf(scores.evaluationScores, best.criterion);
  const arrow = criterion?.higherIsBetter === false ? "↓" : "↑";
  const parameters = toShortLabel(parseParametersString(best.parameters));
  return `New best ${best.criterion} ${arrow} ${best.score.toPrecision(3)} at iteration ${best.iteration}, ${parameters} (${best.dataset}).`;
}

function offerOf(event: FollowEvent): Selection | undefined {
  if (event.kind === "validation") return { run: event.run, iteration: event.iteration };
  if (event.kind !== "best") return undefined;
  const { dataset, criterion, iteration, parameters } = event.best;
  return { run: event.run, dataset, criterion, iteration, parameters };
}
