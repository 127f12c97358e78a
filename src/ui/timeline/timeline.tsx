import { useMemo } from "react";
import type { RunState, Shown } from "#state/app-state.ts";
import { snapshotsOf } from "#state/snapshot-choice.ts";
import { useAppState, usePartName, useRun, useShown } from "../app-context.ts";
import { TimelineChoices } from "./timeline-choices.tsx";
import { type Mark, toMarks, toSnapshotMarks } from "./timeline-marks.ts";
import { TimelineTrack } from "./timeline-track.tsx";
import { TransportButtons } from "./transport-buttons.tsx";
import "./timeline.css";

/** Every validated iteration of the run, and the one that is shown. */
export function Timeline() {
  const run = useRun();
  const shown = useShown();
  const marks = useMarks(run, shown);
  const inTrack = toTrackShown(shown);
  return (
    <section className="dv-timeline" aria-label={usePartName("Timeline")}>
      <TransportButtons marks={marks} />
      {run === undefined ? <div className="dv-track" /> : <TimelineTrack run={run} marks={marks} shown={inTrack} />}
      {run === undefined ? undefined : <TimelineChoices run={run} shown={shown} />}
    </section>
  );
}

/** A snapshot stands in the track as its iteration; no score is of it. */
function toTrackShown(shown: Shown): Shown {
  return shown.snapshot === undefined ? shown : { iteration: shown.snapshot };
}

function useMarks(run: RunState | undefined, { dataset, criterion, snapshot }: Shown): readonly Mark[] {
  const parameters = useAppState((state) => state.selection.parameters);
  return useMemo(() => {
    if (run === undefined) return [];
    if (snapshot !== undefined) return toSnapshotMarks(snapshotsOf(run).map(({ iteration }) => iteration));
    return toMarks(run, {
      ...(dataset === undefined ? {} : { dataset }),
      ...(criterion === undefined ? {} : { criterion }),
      ...(parameters === undefined ? {} : { parameters }),
    });
  }, [run, dataset, criterion, parameters, snapshot]);
}
