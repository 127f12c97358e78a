import { Columns2, Fullscreen } from "lucide-react";
import { useAppState, useCommands } from "../app-context.ts";

const layouts = [
  { layout: "4panel", text: "4", label: "Four panels: three sections and 3-D" },
  { layout: "xy", text: "xy", label: "Section across z" },
  { layout: "xz", text: "xz", label: "Section across y" },
  { layout: "yz", text: "yz", label: "Section across x" },
  { layout: "3d", text: "3D", label: "3-D alone" },
] as const;

export default function LayoutSwitch() {
  const current = useAppState((state) => state.view.layout);
  const comparing = useAppState((state) => state.compare !== undefined);
  const { setView, frame, compare } = useCommands();
  return (
    <fieldset className="dv-over dv-layouts" aria-label="Layout of the volumes">
      {layouts.map(({ layout, text, label }) => (
        <button
          key={layout}
          type="button"
          className="dv-button"
          aria-label={label}
          title={label}
          aria-pressed={current === layout || current === `${layout}-alt`}
          onClick={() => setView({ layout })}
        >
          {text}
        </button>
      ))}
      <button
        type="button"
        className="dv-button"
        aria-label="Compare with another result"
        title="Compare with another result (m)"
        aria-pressed={comparing}
        onClick={() => compare(comparing ? undefined : {})}
      >
        <Columns2 size={15} />
      </button>
      <button
        type="button"
        className="dv-button"
        aria-label="Show all of the data"
        title="Show all of the data (f)"
        onClick={frame}
      >
        <Fullscreen size={15} />
      </button>
    </fieldset>
  );
}
