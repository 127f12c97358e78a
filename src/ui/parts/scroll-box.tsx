import type { ReactNode } from "react";

type Props = { readonly label: string; readonly children: ReactNode };

/** A table that scrolls by itself and holds nothing that takes the focus: it takes it, so that arrow keys scroll. */
export function ScrollBox({ label, children }: Props) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by keyboard
    <section className="dv-table-scroll" aria-label={label} tabIndex={0}>
      {children}
    </section>
  );
}
