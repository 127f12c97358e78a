import { FileSpreadsheet, RotateCcw, X } from "lucide-react";
import { type ReactNode, useEffect, useMemo, useState } from "react";
import type { ErrorsState, ErrorsTarget, RunState } from "#state/app-state.ts";
import { areErrorsShown } from "#state/errors-shown.ts";
import { useAppState, useCommands, useRun, useShown } from "../app-context.ts";
import { IconButton } from "../parts/icon-button.tsx";
import { saveBlob } from "../parts/save-blob.ts";
import { toCount } from "../words.ts";
import { type ErrorReport, toErrorRows, toErrorsCsv } from "./error-rows.ts";
import { ErrorsTable } from "./errors-table.tsx";
import { ErrorsTotals } from "./errors-totals.tsx";
import "./errors.css";

/** What is wrong with the output that is shown; looked for as soon as somebody looks here. */
export default function ErrorsPanel() {
  const run = useRun();
  const shown = useShown();
  const errors = useAppState((state) => state.errors);
  const { showErrors } = useCommands();
  const isDeclined = useAppState((state) => state.errorsDeclined);
  useEffect(() => {
    if (!isDeclined) showErrors(true);
  }, [isDeclined, showErrors]);
  if (run === undefined) return undefined;
  if (errors === undefined) return <NotWanted />;
  const isCurrent = areErrorsShown({ errors }, run, shown);
  if (isCurrent && errors.target !== undefined && errors.report !== undefined)
    return <Report key={errors.generation} run={run} target={errors.target} report={errors.report} />;
  return <Unready errors={errors} isCurrent={isCurrent} />;
}

function NotWanted() {
  const { showErrors } = useCommands();
  return (
    <div className="dv-empty">
      <p>Compares the output that is shown with its ground truth, voxel by voxel, in this browser.</p>
      <button type="button" className="dv-button" onClick={() => showErrors(true)}>
        Look for errors
      </button>
    </div>
  );
}

/** An earlier comparison is never shown for this output. */
function Unready({ errors, isCurrent }: { readonly errors: ErrorsState; readonly isCurrent: boolean }) {
  const { computeErrors, stopErrors } = useCommands();
  const { status, target, message, progress } = errors;
  if (status === "unavailable") return <p className="dv-empty">{message}</p>;
  const what = target === undefined ? "the output" : `the output at ${toCount(target.iteration)}`;
  if (status === "stopped") return <Retry text={`Comparing ${what} was stopped.`} label="Compare" />;
  if (status === "failed")
    return <Retry text={`${what} could not be compared with its ground truth: ${message}`} label="Try again" alert />;
  if (status === "asking")
    return (
      <Choice text={message ?? ""}>
        <button type="button" className="dv-button" onClick={computeErrors}>
          Compare
        </button>
      </Choice>
    );
  const text = `Comparing ${isCurrent ? what : "the output"} with its ground truth`;
  const isKnown = progress !== undefined && progress.total > 1;
  return (
    <div className="dv-section" role="status" aria-label={text}>
      <p>
        {text}
        {isKnown ? `: ${partNames[progress.what]} ${toCount(progress.done)} of ${toCount(progress.total)}` : "…"}
      </p>
      <progress
        className="dv-progress"
        aria-label={text}
        {...(isKnown && { value: progress.done, max: progress.total })}
      />
      <button type="button" className="dv-button" onClick={stopErrors}>
        Cancel
      </button>
    </div>
  );
}

const partNames = { blocks: "block", distances: "distances, part" };

function Choice({ text, children }: { readonly text: string; readonly children: ReactNode }) {
  return (
    <div className="dv-empty">
      <p>{text}</p>
      {children}
    </div>
  );
}

function Retry({ text, label, alert }: { readonly text: string; readonly label: string; readonly alert?: boolean }) {
  const { computeErrors } = useCommands();
  return (
    <div className="dv-empty" role={alert ? "alert" : undefined}>
      <p>{text[0]?.toUpperCase() + text.slice(1)}</p>
      <button type="button" className="dv-button" onClick={computeErrors}>
        <RotateCcw size={14} />
        {label}
      </button>
    </div>
  );
}

type ReportProps = {
  readonly run: RunState;
  readonly target: ErrorsTarget;
  readonly report: ErrorReport;
};

function Report({ run, target, report }: ReportProps) {
  const rows = useMemo(() => toErrorRows(report), [report]);
  const [csvRows, setCsvRows] = useState(rows);
  const name = `${run.name}_errors_${target.dataset}_${target.iteration}_${target.parameters}`.replaceAll("/", "_");
  const saveCsv = () => saveBlob(new Blob([...toErrorsCsv(report, csvRows)], { type: "text/csv" }), `${name}.csv`);
  return (
    <>
      <ErrorsHead target={target} onCsv={saveCsv} />
      <ErrorsTotals run={run} target={target} report={report} />
      <ErrorsTable report={report} rows={rows} onArranged={setCsvRows} />
    </>
  );
}

function ErrorsHead({ target, onCsv }: { readonly target: ErrorsTarget; readonly onCsv: () => void }) {
  const { showErrors } = useCommands();
  return (
    <div className="dv-row" data-line>
      <h3 className="dv-errors-title dv-grow" title={`${target.dataset}, ${target.parameters}`}>
        Errors at {toCount(target.iteration)} <span className="dv-dim">{target.dataset}</span>
      </h3>
      <IconButton label="Save the listed lines as CSV" onClick={onCsv}>
        <FileSpreadsheet size={15} />
      </IconButton>
      <IconButton label="Stop looking for errors" onClick={() => showErrors(false)}>
        <X size={15} />
      </IconButton>
    </div>
  );
}
