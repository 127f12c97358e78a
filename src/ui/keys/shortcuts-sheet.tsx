import { X } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { IconButton } from "../parts/icon-button.tsx";
import "./keys.css";

const ShortcutsList = lazy(() => import("./shortcuts-list.tsx"));

/** Opens the sheet of the viewer that `inside` belongs to. */
export function openShortcutsSheet(inside: HTMLElement): void {
  const sheet = inside.closest(".dv-root")?.querySelector<HTMLDialogElement>("dialog.dv-sheet");
  if (sheet?.open === false) sheet.showModal();
}

const closeOnBackdrop = (event: React.MouseEvent<HTMLDialogElement>) => {
  if (event.target === event.currentTarget) event.currentTarget.close();
};

export function ShortcutsSheet() {
  const [opened, setOpened] = useState(false);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Escape closes a dialog by itself
    <dialog className="dv-sheet" aria-label="Keys" onClick={closeOnBackdrop} onToggle={() => setOpened(true)}>
      <div className="dv-sheet-head">
        <h2>Keys</h2>
        <form method="dialog">
          <IconButton label="Close" onClick={closeEnclosingDialog}>
            <X size={16} />
          </IconButton>
        </form>
      </div>
      <div className="dv-sheet-columns">
        <Suspense>{opened ? <ShortcutsList /> : undefined}</Suspense>
      </div>
    </dialog>
  );
}

function closeEnclosingDialog(): void {
  const focused = document.activeElement;
  focused?.closest("dialog")?.close();
}
