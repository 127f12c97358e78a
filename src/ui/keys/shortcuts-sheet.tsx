import { X } from "lucide-react";
import { IconButton } from "../parts/icon-button.tsx";
import { neuroglancerKeys, type Shortcut, shortcuts } from "./shortcuts.ts";
import "./keys.css";

/** Opens the sheet of the viewer that `inside` belongs to. */
export function openShortcutsSheet(inside: HTMLElement): void {
  const sheet = inside.closest(".dv-root")?.querySelector<HTMLDialogElement>("dialog.dv-sheet");
  if (sheet?.open === false) sheet.showModal();
}

const closeOnBackdrop = (event: React.MouseEvent<HTMLDialogElement>) => {
  if (event.target === event.currentTarget) event.currentTarget.close();
};

export function ShortcutsSheet() {
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Escape closes a dialog by itself
    <dialog className="dv-sheet" aria-label="Keys" onClick={closeOnBackdrop}>
      <div className="dv-sheet-head">
        <h2>Keys</h2>
        <form method="dialog">
          <IconButton label="Close" onClick={closeEnclosingDialog}>
            <X size={16} />
          </IconButton>
        </form>
      </div>
      <div className="dv-sheet-columns">
        <section>
          <h3>Iterations and layers</h3>
          <OwnKeys />
        </section>
        <section>
          <h3>Over the volumes, neuroglancer's own</h3>
          <NeuroglancerKeys />
        </section>
      </div>
    </dialog>
  );
}

function closeEnclosingDialog(): void {
  const focused = document.activeElement;
  focused?.closest("dialog")?.close();
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
