import type { InferenceState, RunState } from "#state/app-state.ts";
import { toClusterOrder } from "#state/cluster-order.ts";
import { useCopy } from "../parts/use-copy.ts";

type Props = { readonly run: RunState; readonly inference: InferenceState };

/** The way out for what is too much for this computer. */
export function ClusterCommand({ run, inference }: Props) {
  const order = toClusterOrder(run, inference);
  const { copied, failed, copy } = useCopy();
  if (order === undefined) return undefined;
  return (
    <details className="dv-options">
      <summary>On the cluster instead</summary>
      <div className="dv-options-body">
        <pre className="dv-command">{order.command}</pre>
        <button type="button" className="dv-button" onClick={() => copy(order.command)}>
          {copied ? "Copied" : failed ? "Not allowed: select it and copy" : "Copy the command"}
        </button>
        {order.notes.map((note) => (
          <p key={note} className="dv-dim">
            {note}
          </p>
        ))}
      </div>
    </details>
  );
}
