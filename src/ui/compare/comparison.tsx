import { comparedOf } from "#state/comparison.ts";
import { useAppState } from "../app-context.ts";
import { CompareBar } from "./compare-bar.tsx";
import { SwipeDivider } from "./swipe-divider.tsx";
import "./compare.css";

/** Over volumes of which two are compared: what A and B are, how they are laid out, and the divider between them. A host chooses by itself. */
export default function Comparison() {
  const mode = useAppState((state) => state.compare?.mode);
  const drawn = useAppState((state) => (comparedOf(state)?.layers.length ?? 0) > 0);
  const embed = useAppState((state) => state.embed);
  if (mode === undefined) return undefined;
  return (
    <>
      {drawn && mode === "side" ? <Names /> : undefined}
      {drawn && mode === "swipe" ? <SwipeDivider /> : undefined}
      {embed ? undefined : <CompareBar mode={mode} />}
    </>
  );
}

/** Which half is which. */
function Names() {
  return (
    <div className="dv-compare-names" aria-hidden="true">
      <span className="dv-over dv-compare-name">A</span>
      <span className="dv-over dv-compare-name">B</span>
    </div>
  );
}
