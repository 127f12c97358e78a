import { criterionOf } from "#dacapo/evaluation-scores.ts";
import type { ScoresState } from "#state/app-state.ts";

const orderNotes: Partial<Record<ScoresState["datasetOrder"], string>> = {
  resolving:
    "Finding out which scores belong to which dataset: one stored output of each is scored again in this page.",
  unknown:
    "DaCapo does not record which scores belong to which dataset, and it could not be found out: names may be swapped.",
};

/** Notes that hang on one criterion: they are said when that one is shown. */
const saidOfCriterion = new Set(["distorted-criterion", "random-scores"]);

/** What stands between the number and its name, said where the number is. */
export function CriterionNotes({ state, criterion }: { readonly state: ScoresState; readonly criterion: string }) {
  const found = criterionOf(state.scores.evaluationScores, criterion);
  const order = orderNotes[state.datasetOrder];
  const others = state.scoreNotes.filter(({ code }) => !saidOfCriterion.has(code));
  return (
    <>
      {found?.note === undefined ? undefined : (
        <p className="dv-note" data-kind={found.meaningful ? undefined : "warn"}>
          {found.note}
        </p>
      )}
      {others.map(({ code, subject, message }) => (
        <p key={`${code} ${subject}`} className="dv-note" data-kind="warn">
          {message}
        </p>
      ))}
      {order === undefined ? undefined : (
        <p className="dv-note" data-kind="warn">
          {order}
        </p>
      )}
      {state.notes.length === 0 ? undefined : (
        <details className="dv-details">
          <summary>How these scores were read</summary>
          {state.notes.map((note) => (
            <p key={note}>{note}</p>
          ))}
        </details>
      )}
    </>
  );
}
