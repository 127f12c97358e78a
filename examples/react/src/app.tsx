import { RunViewer, type RunViewerHandle, type RunViewerMessage } from "dacapo-run-viewer";
import { useRef, useState } from "react";

type State = Extract<RunViewerMessage, { type: "state" }>["state"];

/** The runs that one may choose from, the iterations of the chosen one, and its viewer, driven by properties. */
export function App({ runs }: { readonly runs: readonly string[] }) {
  const viewer = useRef<RunViewerHandle>(null);
  const [run, setRun] = useState(runs[0]);
  const [iteration, setIteration] = useState<number>();
  const [state, setState] = useState<State>();
  const [open, setOpen] = useState(true);
  const iterations = state?.runs[0]?.validationIterations ?? [];

  const take = (message: RunViewerMessage) => {
    if (message.type === "state") setState(message.state);
  };
  const zoomOut = () => viewer.current?.request({ type: "setView", view: { scale: 2 * (state?.view.scale ?? 1) } });

  return (
    <main style={{ display: "grid", gap: 12, margin: 16, font: "14px system-ui, sans-serif" }}>
      <h1 style={{ margin: 0, fontSize: 20 }}>A run in a React app</h1>
      <div style={{ display: "flex", flexWrap: "wrap", gap: 12 }}>
        <label>
          Run{" "}
          <select
            value={run}
            onChange={(event) => {
              setRun(event.target.value);
              setIteration(undefined);
            }}
          >
            {runs.map((address) => (
              <option key={address} value={address}>
                {address.split("/").at(-1)}
              </option>
            ))}
          </select>
        </label>
        <label>
          Iteration{" "}
          <select
            value={iteration ?? ""}
            onChange={(event) => setIteration(event.target.value === "" ? undefined : Number(event.target.value))}
          >
            <option value="">as the viewer likes</option>
            {iterations.map((each) => (
              <option key={each}>{each}</option>
            ))}
          </select>
        </label>
        <button type="button" onClick={zoomOut}>
          Zoom out
        </button>
        <button type="button" onClick={() => setOpen(!open)}>
          {open ? "Close the viewer" : "Open the viewer"}
        </button>
        <output>
          {state === undefined
            ? "loading"
            : `${state.runs[0]?.name ?? "nothing"} at ${state.selection.iteration ?? "none"}, ${state.settled ? "settled" : "loading"}`}
        </output>
      </div>
      {open ? (
        <RunViewer ref={viewer} run={run} iteration={iteration} embed style={{ height: 520 }} onState={take} />
      ) : undefined}
    </main>
  );
}
