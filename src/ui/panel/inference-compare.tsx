import type { InferenceState } from "#state/app-state.ts";
import { titleOf } from "#state/inference-task.ts";
import { useAppState, useCommands } from "../app-context.ts";

/** What the network is tied to, and the former prediction that it is compared with. */
export function InferenceCompare({ inference }: { readonly inference: InferenceState }) {
  const { followInference, keepInference, closeInferenceB } = useCommands();
  const kept = useAppState((state) => state.inferenceB);
  const isKept = kept?.generation === inference.generation;
  return (
    <>
      {inference.ownModel === undefined && inference.ownRaw === undefined ? (
        <label className="dv-check">
          <input
            type="checkbox"
            checked={inference.follows ?? false}
            onChange={(event) => followInference(event.target.checked)}
          />
          Run again for every iteration that is shown
        </label>
      ) : undefined}
      <div className="dv-row" data-tight>
        <button
          type="button"
          className="dv-button"
          title="Keeps this prediction as layer B; the next one is drawn beside it. Hold a layer's number key to flicker between the two."
          disabled={isKept || inference.card === undefined}
          onClick={keepInference}
        >
          {isKept ? "Kept as B" : "Keep as B"}
        </button>
        {kept === undefined ? undefined : (
          <>
            <span className="dv-dim">B: {titleOf(kept)}</span>
            <button type="button" className="dv-button" data-variant="plain" onClick={closeInferenceB}>
              Remove B
            </button>
          </>
        )}
      </div>
    </>
  );
}
