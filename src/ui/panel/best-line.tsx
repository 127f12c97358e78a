import { useMemo } from "react";
import { meanBest } from "#dacapo/best.ts";
import { criterionOf } from "#dacapo/evaluation-scores.ts";
import type { ValidationScores } from "#dacapo/validation-scores.ts";
import type { RunState } from "#state/app-state.ts";
import { bestOf } from "#state/selectors.ts";
import { useCommands, useShown } from "../app-context.ts";
import { toParametersLabel } from "../timeline/mark-text.ts";
import { toArrow, toCount, toScore } from "../words.ts";

type Props = {
  readonly run: RunState;
  readonly scores: ValidationScores;
  readonly criterion: string;
  readonly dataset: string;
};

/** The best of each dataset in the chart, with a button that shows it; over several datasets their mean too. */
export function BestLine({ run, scores, criterion, dataset }: Props) {
  const datasets = dataset === "all" ? scores.datasets : [dataset];
  const up = criterionOf(scores.evaluationScores, criterion)?.higherIsBetter ?? true;
  return (
    <section className="dv-section dv-bests" aria-label={`Best ${criterion}`}>
      {datasets.map((each) => (
        <DatasetBest key={each} run={run} dataset={each} criterion={criterion} arrow={toArrow(up)} />
      ))}
      {datasets.length > 1 ? <MeanBestLine scores={scores} criterion={criterion} /> : undefined}
    </section>
  );
}

type DatasetBestProps = {
  readonly run: RunState;
  readonly dataset: string;
  readonly criterion: string;
  readonly arrow: string;
};

function DatasetBest({ run, dataset, criterion, arrow }: DatasetBestProps) {
  const { select } = useCommands();
  const shown = useShown();
  const best = bestOf(run, dataset, criterion);
  if (best === undefined)
    return (
      <p className="dv-dim">
        No finite {criterion} on {dataset}: there is no best.
      </p>
    );
  const { iteration, parameters, score } = best;
  const isShown = shown.dataset === dataset && shown.iteration === iteration && shown.parameters === parameters;
  return (
    <p className="dv-best-line">
      <span className="dv-star" aria-hidden="true">
        ★
      </span>
      <span className="dv-dim">best on {dataset}</span>
      <strong>
        {toScore(score)} {arrow}
      </strong>
      <span>
        at {toCount(iteration)}, {toParametersLabel(parameters)}
      </span>
      {isShown ? (
        <span className="dv-dim">shown</span>
      ) : (
        <button
          type="button"
          className="dv-link"
          onClick={() => select({ dataset, iteration: "best", parameters: undefined })}
        >
          show
        </button>
      )}
    </p>
  );
}

function MeanBestLine({ scores, criterion }: Pick<Props, "scores" | "criterion">) {
  const { select } = useCommands();
  const mean = useMemo(() => meanBest(scores, criterion), [scores, criterion]);
  if (mean === undefined) return undefined;
  const { iteration, parameters } = mean;
  return (
    <p className="dv-best-line">
      <span className="dv-dim">☆ best mean over datasets</span>
      <strong>{toScore(mean.score)}</strong>
      <span>
        at {toCount(iteration)}, {toParametersLabel(parameters)}
      </span>
      <button type="button" className="dv-link" onClick={() => select({ iteration, parameters })}>
        show
      </button>
    </p>
  );
}
