import type { InferenceState, ParityState, RunState } from "#state/app-state.ts";
import { volumesOf } from "#state/selectors.ts";
import { useCommands } from "../app-context.ts";
import { toBadge } from "./inference-words.ts";

type Props = { readonly run: RunState; readonly inference: InferenceState };

/** What the values are worth: how far they are from the processor's and from what the run stored, and which blocks look wrong. */
export function InferenceParity({ run, inference }: Props) {
  const { parity, flagged } = inference;
  return (
    <>
      {parity === undefined ? (
        <p className="dv-parity dv-dim">{toExpectation(run, inference)}</p>
      ) : (
        <Verdict parity={parity} insisted={inference.insisted ?? false} />
      )}
      {flagged === undefined ? undefined : (
        <p className="dv-note" data-kind="warn" role="status">
          {flagged.blocks === 1 ? "1 block looks wrong" : `${flagged.blocks} blocks look wrong`}. {flagged.sentence}
        </p>
      )}
    </>
  );
}

function Verdict({ parity, insisted }: { readonly parity: ParityState; readonly insisted: boolean }) {
  const { insistOnInference } = useCommands();
  const { level, excused, sentences, remembered } = parity;
  return (
    <div className="dv-parity" data-level={excused ? "excused" : level} role={level === "refuse" ? "alert" : undefined}>
      <p>
        <span className="dv-parity-badge">{toBadge(parity)}</span> {sentences.join(" ")}
        {remembered ? " Compared on an earlier visit." : ""}
      </p>
      {level !== "refuse" ? undefined : insisted ? (
        <p>It is shown because you asked for it.</p>
      ) : (
        <p className="dv-row" data-tight>
          The layer is hidden.
          <button type="button" className="dv-button" onClick={insistOnInference}>
            Show it anyway
          </button>
        </p>
      )}
    </div>
  );
}

/** Before anything has been compared. */
function toExpectation(run: RunState, { device, iteration, dataset, ownModel, ownRaw }: InferenceState): string {
  const isStored = ownRaw === undefined && volumesOf(run, iteration, dataset)?.prediction === "whole";
  const references = [
    ...(device === "webgpu" ? ["the processor's values"] : []),
    ...(isStored ? ["the prediction that the run stored"] : []),
  ];
  if (references.length > 0) return `One block will be compared with ${references.join(" and with ")}.`;
  if (ownModel ?? ownRaw) return "There is nothing to compare these values with.";
  return `The run stored no whole prediction at ${iteration}, so there is nothing to compare with.`;
}
