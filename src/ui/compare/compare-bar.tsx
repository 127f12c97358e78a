import { ArrowLeftRight, ChevronDown, X } from "lucide-react";
import type { AppState, Shown } from "#state/app-state.ts";
import type { CompareMode } from "#state/compare-mode.ts";
import { comparedOf } from "#state/comparison.ts";
import { shownOf } from "#state/selectors.ts";
import { useAppState, useCommands } from "../app-context.ts";
import { IconButton } from "../parts/icon-button.tsx";
import { Popover } from "../parts/popover.tsx";
import { toParametersLabel } from "../timeline/mark-text.ts";
import { toCount } from "../words.ts";
import { ChooseB } from "./choose-b.tsx";
import { DifferenceNote } from "./difference-note.tsx";

const modes = [
  { mode: "side", text: "side by side", label: "A and B side by side, with one camera" },
  { mode: "swipe", text: "swipe", label: "B over A, right of a divider; hold v to see B alone" },
  { mode: "difference", text: "difference", label: "Where A and B differ; hold v to see A" },
] as const;

export function CompareBar({ mode }: { readonly mode: CompareMode }) {
  const { compare, swapCompared } = useCommands();
  const a = useAppState((state) => toText(state, shownOf(state)));
  const b = useAppState((state) => toText(state, comparedOf(state)?.shown ?? {}));
  return (
    <section className="dv-over dv-compare-bar" aria-label="Comparison">
      <div className="dv-compare-row">
        <span title={`A, what is shown: ${a}`}>
          <b>A</b> {a}
        </span>
        <IconButton label="Exchange A and B" onClick={swapCompared}>
          <ArrowLeftRight size={14} />
        </IconButton>
        <Popover
          label={`Choose B, now ${b}`}
          title={`What A is compared with: ${b}`}
          button={
            <>
              <b>B</b> {b} <ChevronDown size={12} />
            </>
          }
        >
          {() => <ChooseB />}
        </Popover>
        <fieldset className="dv-compare-modes" aria-label="How A and B are compared">
          {modes.map((each) => (
            <button
              key={each.mode}
              type="button"
              className="dv-button"
              title={each.label}
              aria-pressed={each.mode === mode}
              onClick={() => compare({ mode: each.mode })}
            >
              {each.text}
            </button>
          ))}
        </fieldset>
        <IconButton label="End the comparison" onClick={() => compare(undefined)}>
          <X size={15} />
        </IconButton>
      </div>
      <Reason />
      {mode === "difference" ? <DifferenceNote /> : undefined}
    </section>
  );
}

/** "1,000 · bias 0.5", with the run's name where there are several. */
function toText({ runs, runOrder }: AppState, { run, iteration, parameters }: Shown): string {
  const parts = [
    runOrder.length > 1 && run !== undefined ? [runs[run]?.name ?? run] : [],
    iteration === undefined ? ["nothing"] : [toCount(iteration)],
    parameters === undefined ? [] : [toParametersLabel(parameters)],
  ];
  return parts.flat().join(" · ");
}

/** Why there is nothing to be seen of B, or what could not be drawn of it. */
function Reason() {
  const reason = useAppState((state) => comparedOf(state)?.reason);
  const failed = useAppState(toFailure);
  const text = reason ?? failed;
  return text === undefined ? undefined : (
    <p className="dv-compare-note" role="status">
      {text}
    </p>
  );
}

const second = new Set(["prediction B", "segmentation B", "difference", "agreement"]);

function toFailure({ layers, problems }: AppState): string | undefined {
  const failed = layers.find(({ name, status, visible }) => second.has(name) && status === "failed" && visible);
  if (failed === undefined) return undefined;
  const about = `layer ${JSON.stringify([failed.run, failed.name])}`;
  return problems.find(({ id }) => id.startsWith(about))?.message ?? `The ${failed.title} could not be drawn.`;
}
