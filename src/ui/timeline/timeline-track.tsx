import { useMemo, useRef } from "react";
import { trainedUntil } from "#dacapo/training-stats.ts";
import type { AppState, RunState, Shown } from "#state/app-state.ts";
import { comparedOf } from "#state/comparison.ts";
import { scoresOf } from "#state/selectors.ts";
import { useAppState } from "../app-context.ts";
import { toArrow } from "../words.ts";
import { toMarkText } from "./mark-text.ts";
import { higherIsBetter, type Mark, toAxis } from "./timeline-marks.ts";
import { TrackDrawing } from "./track-drawing.tsx";
import { TrackTip } from "./track-tip.tsx";
import { useScrub } from "./use-scrub.ts";
import { useWidth } from "./use-size.ts";

type Props = { readonly run: RunState; readonly marks: readonly Mark[]; readonly shown: Shown };

const margin = 20;

export function TimelineTrack({ run, marks, shown }: Props) {
  const track = useRef<HTMLDivElement>(null);
  const width = useWidth(track);
  const trained = useTrainedUntil(run);
  const axis = useMemo(() => toAxis(marks, trained, width, margin), [marks, trained, width]);
  const selectable = useMemo(() => marks.filter((mark) => mark.selectable), [marks]);
  const scrub = useScrub(selectable, marks, axis);
  const cursor = useAppState((state) => state.cursorIteration);
  const shownMark = marks.find(({ iteration }) => iteration === shown.iteration);
  const compared = useAppState((state) => comparedMark(state, run));
  const empty = selectable.length === 0;
  const index = selectable.findIndex(({ iteration }) => iteration === shown.iteration);
  return (
    <div
      ref={track}
      className="dv-track"
      role="slider"
      tabIndex={0}
      aria-label="Iteration"
      aria-disabled={empty}
      aria-valuemin={1}
      aria-valuemax={Math.max(1, selectable.length)}
      aria-valuenow={index < 0 ? 1 : index + 1}
      aria-valuetext={shownMark === undefined ? "nothing to show yet" : toMarkText(shownMark, shown.criterion)}
      {...scrub.handlers}
    >
      {width === 0 || marks.length === 0 ? undefined : (
        <TrackDrawing
          marks={marks}
          axis={axis}
          width={width}
          shown={shownMark}
          caption={toCaption(run, shown)}
          cursor={cursor}
          compared={compared}
          trained={trained}
          live={run.phase === "training"}
        />
      )}
      {empty ? <EmptyTrack run={run} trained={trained} /> : undefined}
      {scrub.hovered === undefined ? undefined : (
        <TrackTip
          mark={scrub.hovered}
          count={scrub.hoveredCount}
          axis={axis}
          width={width}
          criterion={shown.criterion}
        />
      )}
    </div>
  );
}

/** The iteration of B, where it is one of this run. */
function comparedMark(state: AppState, run: RunState): number | undefined {
  const shown = comparedOf(state)?.shown;
  return shown?.run === run.id ? shown.iteration : undefined;
}

/** What the height of the bars means. */
function toCaption(run: RunState, { criterion }: Shown): string | undefined {
  if (criterion === undefined || scoresOf(run) === undefined) return undefined;
  return `${criterion} ${toArrow(higherIsBetter(run, criterion))}, taller is better`;
}

function useTrainedUntil(run: RunState): number {
  const { training } = run;
  return useMemo(() => (training.status === "ready" ? trainedUntil(training.value) : 0), [training]);
}

function EmptyTrack({ run, trained }: { readonly run: RunState; readonly trained: number }) {
  if (run.status === "error") return <span className="dv-track-empty">No iteration to show.</span>;
  if (run.status === "loading") return <span className="dv-track-empty">Looking for validated iterations …</span>;
  const interval = run.config.status === "ready" ? run.config.value.validationInterval : undefined;
  const next = interval === undefined ? undefined : Math.floor(trained / interval + 1) * interval;
  const live = run.phase === "training" && next !== undefined;
  return (
    <span className="dv-track-empty">
      No iteration has been validated yet{live ? `; the next validation comes at ${next}` : ""}.
    </span>
  );
}
