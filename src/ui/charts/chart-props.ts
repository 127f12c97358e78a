// The charts: loss, time and scores of one run, drawn with recharts from plain values.
// They know no store and fetch nothing: values come in as props, intentions go out as calls.
// Iterations are DaCapo's iteration numbers everywhere, never indices into a column.
import type { Best } from "#dacapo/best.ts";
import type { TrainingStats } from "#dacapo/training-stats.ts";
import type { ValidationScores } from "#dacapo/validation-scores.ts";

/** First and last iteration in view, both included. */
export type IterationDomain = readonly [first: number, last: number];

/** One point of the scores: `parameters` is DaCapo's own string of the post-processor parameters. */
export type ScorePoint = { readonly iteration: number; readonly dataset: string; readonly parameters: string };

export type ChartState = "loading" | "ready";

export type ZoomProps = {
  /** Undefined shows every iteration. */
  readonly domain?: IterationDomain | undefined;
  /** Called with undefined when the person asks for everything again. */
  readonly onDomainChange?: ((domain: IterationDomain | undefined) => void) | undefined;
  /** Height of the drawing in CSS pixels, without the lines of text around it. */
  readonly height?: number | undefined;
  /** "loading" shows a skeleton while there is nothing to draw yet; data that is there stays drawn. */
  readonly state?: ChartState | undefined;
};

type IterationProps = ZoomProps & {
  readonly shownIteration?: number | undefined;
  readonly validationIterations?: readonly number[] | undefined;
  /** A click, or Enter at the cursor: the recorded iteration nearest to it. */
  readonly onSelectIteration?: ((iteration: number) => void) | undefined;
};

export type LossChartProps = IterationProps & {
  readonly stats: TrainingStats;
  readonly scale?: "linear" | "log" | undefined;
  /** Window of the trailing mean, in iterations; 1 or less draws the raw trace alone. */
  readonly smoothing?: number | undefined;
  /** Shades the trailing mean ± one standard deviation of the same window. */
  readonly showBand?: boolean | undefined;
};

export type TimeChartProps = IterationProps & {
  readonly stats: TrainingStats;
  /** Seconds of an optimisation step, or steps (samples, where the batch size is known) in a second. */
  readonly mode: "seconds" | "throughput";
  readonly batchSize?: number | undefined;
  /** Window of the trailing mean, in iterations. */
  readonly smoothing?: number | undefined;
};

export type ScoresChartProps = ZoomProps & {
  readonly scores: ValidationScores;
  readonly criterion: string;
  readonly dataset: string | "all";
  readonly parameters: string | "all";
  readonly shown?: ScorePoint | undefined;
  readonly best?: Best | undefined;
  readonly onSelect?: ((point: ScorePoint) => void) | undefined;
  /** Emphasises one line, as when its row in a table is under the pointer. */
  readonly hovered?: Partial<ScorePoint> | undefined;
  readonly onHover?: ((point: ScorePoint | undefined) => void) | undefined;
  /** Iterations known from volumes or checkpoints that have no scores (DaCapo drops the newest one when it resumes). */
  readonly iterationsWithoutScores?: readonly number[] | undefined;
};
