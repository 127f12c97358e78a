import { titleOf } from "#state/inference-task.ts";
import { toShownOrder } from "#state/inference-view.ts";
import { useApp, useAppState, useCommands } from "../app-context.ts";
import "../notices/notices.css";

/** The shown iteration is another than the computed one: waits for a click, where the network does not follow by itself. */
export function InferenceChip() {
  const app = useApp();
  const { infer } = useCommands();
  const offer = useAppState((state) => {
    const order = state.inference?.follows ? undefined : toShownOrder(state);
    if (order === undefined || state.inference === undefined) return undefined;
    const where = order.dataset === state.inference.dataset ? "" : ` on ${order.dataset}`;
    return `${titleOf(state.inference)}: |recompute at ${order.iteration}${where}`;
  });
  if (offer === undefined) return undefined;
  const recompute = () => {
    const order = toShownOrder(app.store.getState());
    if (order?.iteration === undefined || order.dataset === undefined) return;
    const { iteration, dataset, device } = order;
    infer({ model: { iteration }, dataset, device }).catch(() => undefined); // a failure is told in the Network tab
  };
  const [about, action] = offer.split("|");
  return (
    <div className="dv-over dv-offer" role="status">
      <button type="button" className="dv-button" data-variant="plain" onClick={recompute}>
        {about}
        <span className="dv-accent-text">{action}</span>
      </button>
    </div>
  );
}
