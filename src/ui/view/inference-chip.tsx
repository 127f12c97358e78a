import { titleOf, toWish } from "#state/inference-task.ts";
import { toShownOrder } from "#state/inference-view.ts";
import { useApp, useAppState, useCommands } from "../app-context.ts";
import "../notices/notices.css";

/** The shown iteration is another than the computed one: waits for a click, where the network does not follow by itself. */
export default function InferenceChip() {
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
    const state = app.store.getState();
    const order = toShownOrder(state);
    if (state.inference === undefined || order?.iteration === undefined) return;
    const place = order.dataset === undefined ? {} : { dataset: order.dataset };
    const wish = { ...toWish(state.inference), ...place, model: { iteration: order.iteration } };
    infer(wish).catch(() => undefined); // a failure is told in the Network tab
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
