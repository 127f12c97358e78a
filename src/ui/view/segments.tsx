import { Copy, X } from "lucide-react";
import { useId, useState } from "react";
import type { LayerState } from "#state/app-state.ts";
import type { Segment, VolumeViewer } from "#volumes/volume-viewer.ts";
import { useCommands } from "../app-context.ts";
import { IconButton } from "../parts/icon-button.tsx";
import { useCopy } from "../parts/use-copy.ts";
import { toCount } from "../words.ts";
import { parseSegmentIds } from "./segment-ids.ts";
import { useOfLayer } from "./use-of-viewer.ts";

const maxListed = 100;

const read = (viewer: VolumeViewer, name: string) => viewer.getSegments(name);

/** The selected segments of a layer that has segments: listed, taken out, and added by id. */
export function Segments({ layer }: { readonly layer: LayerState }) {
  const { value: segments, refresh } = useOfLayer(layer.name, read);
  const { selectSegments } = useCommands();
  if (segments === undefined) return undefined;
  const ids = segments.map(({ id }) => id);
  const select = (next: readonly bigint[]) => {
    selectSegments(layer.name, next);
    refresh();
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset would be one more box in the card
    <div className="dv-segments" role="group" aria-label={`Selected segments of ${layer.title}`}>
      <Head ids={ids} clear={() => select([])} />
      {segments.length === 0 ? (
        <p className="dv-dim dv-small">None, so all are shown. Double-click one in the volumes, or give its id.</p>
      ) : (
        <SegmentList segments={segments} remove={(id) => select(ids.filter((each) => each !== id))} />
      )}
      <SelectById layer={layer} add={(more) => select([...new Set([...ids, ...more])])} />
    </div>
  );
}

function Head({ ids, clear }: { readonly ids: readonly bigint[]; readonly clear: () => void }) {
  const { copy, copied, failed } = useCopy();
  const count = ids.length === 0 ? "" : ` ${toCount(ids.length)}`;
  return (
    <div className="dv-segments-head">
      <span className="dv-grow">selected segments{count}</span>
      {ids.length === 0 ? undefined : (
        <>
          <button type="button" className="dv-button" data-variant="plain" onClick={() => copy(ids.join(", "))}>
            <Copy size={13} />
            {copied ? "Copied" : failed ? "Refused" : "Copy ids"}
          </button>
          <button type="button" className="dv-button" data-variant="plain" onClick={clear}>
            Clear all
          </button>
        </>
      )}
    </div>
  );
}

type ListProps = { readonly segments: readonly Segment[]; readonly remove: (id: bigint) => void };

function SegmentList({ segments, remove }: ListProps) {
  const more = segments.length - maxListed;
  return (
    <>
      <ul className="dv-segment-list">
        {segments.slice(0, maxListed).map(({ id, color }) => (
          <li key={String(id)} className="dv-segment">
            <span className="dv-swatch" style={{ background: color }} />
            <span className="dv-segment-id">{String(id)}</span>
            <IconButton label={`Remove segment ${id}`} onClick={() => remove(id)}>
              <X size={13} />
            </IconButton>
          </li>
        ))}
      </ul>
      {more > 0 ? <p className="dv-dim dv-small">and {toCount(more)} more, which Copy ids names too</p> : undefined}
    </>
  );
}

type AddProps = { readonly layer: LayerState; readonly add: (ids: readonly bigint[]) => void };

function SelectById({ layer, add }: AddProps) {
  const [text, setText] = useState("");
  const [problem, setProblem] = useState<string>();
  const about = useId();
  const submit = () => {
    const typed = parseSegmentIds(text);
    if ("problem" in typed) return setProblem(typed.problem);
    add(typed.ids);
    setText("");
    setProblem(undefined);
  };
  return (
    <form
      className="dv-segment-form"
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <input
        className="dv-input"
        inputMode="numeric"
        autoComplete="off"
        spellCheck={false}
        placeholder="id, or several with commas"
        aria-label={`Select by id in ${layer.title}`}
        aria-invalid={problem !== undefined}
        aria-describedby={problem === undefined ? undefined : about}
        value={text}
        onChange={(event) => {
          setText(event.target.value);
          setProblem(undefined);
        }}
      />
      <button type="submit" className="dv-button" disabled={text.trim() === ""}>
        Select
      </button>
      {problem === undefined ? undefined : (
        <p id={about} className="dv-bad-text dv-small" role="alert">
          {problem}
        </p>
      )}
    </form>
  );
}
