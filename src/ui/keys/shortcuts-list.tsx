import { type Shortcut, shortcuts } from "./shortcuts.ts";

export default function ShortcutsList() {
  return (
    <>
      <section>
        <h3>Iterations and layers</h3>
        <OwnKeys />
      </section>
      <section>
        <h3>Over the volumes, neuroglancer's own</h3>
        <NeuroglancerKeys />
      </section>
    </>
  );
}

const keyNames: Readonly<Record<string, string>> = { ArrowRight: "→", ArrowLeft: "←" };

function OwnKeys() {
  const texts = [...new Set(shortcuts.map(({ text }) => text))];
  return (
    <dl className="dv-keys">
      {texts.map((text) => (
        <KeyRow key={text} text={text} group={shortcuts.filter((shortcut) => shortcut.text === text)} />
      ))}
      <dt>
        <kbd className="dv-kbd">1</kbd> … <kbd className="dv-kbd">9</kbd>
      </dt>
      <dd>show or hide a layer; hold to flicker</dd>
      <dt>
        <kbd className="dv-kbd">v</kbd>
      </dt>
      <dd>comparing: hold to see B alone (over a difference: A)</dd>
      <dt>
        <kbd className="dv-kbd">?</kbd>
      </dt>
      <dd>this sheet</dd>
    </dl>
  );
}

function KeyRow({ text, group }: { readonly text: string; readonly group: readonly Shortcut[] }) {
  const elsewhere = group.every(({ everywhere }) => !everywhere);
  return (
    <>
      <dt>
        {group.flatMap(({ keys }) =>
          keys.map((key) => (
            <kbd key={key} className="dv-kbd">
              {keyNames[key] ?? key}
            </kbd>
          )),
        )}
      </dt>
      <dd>
        {text}
        {elsewhere ? " (not over the volumes)" : ""}
      </dd>
    </>
  );
}

function NeuroglancerKeys() {
  return (
    <dl className="dv-keys">
      {neuroglancerKeys.map(([keys, text]) => (
        <div key={keys} style={{ display: "contents" }}>
          <dt>
            <kbd className="dv-kbd">{keys}</kbd>
          </dt>
          <dd>{text}</dd>
        </div>
      ))}
    </dl>
  );
}

/** neuroglancer's own, for the sheet; they work while the pointer is over the volumes. */
const neuroglancerKeys: readonly (readonly [keys: string, text: string])[] = [
  ["drag", "move the section; turn the 3-D view"],
  ["wheel", "through the sections"],
  ["Ctrl + wheel", "zoom"],
  ["← → ↑ ↓", "move in the section"],
  [", .", "previous, next section"],
  ["right click", "centre here"],
  ["double click", "select a segment"],
  ["x", "clear the selected segments"],
  ["l", "other colours for the segments"],
  ["Space", "layout: four panels, one panel"],
  ["s", "sections in the 3-D view"],
  ["b", "scale bar"],
  ["a", "axis lines"],
  ["o", "orthographic projection"],
  ["r e, Shift + arrows", "turn the sections"],
  ["z", "straighten the sections"],
];
