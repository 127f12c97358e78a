import { RenderedPanel } from "neuroglancer/unstable/display_context.js";

// Two views that lie over each other share one canvas: each is drawn whole, and shown on its side of a divider only. So both are
// ready whenever the divider moves, and a voxel lies at the same pixel in both.

/** `at`: part of the canvas' width that is left of the divider. */
export type Divider = { readonly right: HTMLElement; readonly at: number };

const dividers = new WeakMap<object, Divider>();

/** `undefined` shows every panel whole. */
export function setDivider(display: object, divider: Divider | undefined): void {
  if (divider === undefined) dividers.delete(display);
  else dividers.set(display, divider);
}

/** Pixels of the canvas that a panel may draw on: its own, cut at the divider. */
export function toVisibleSpan(
  { left, width }: { readonly left: number; readonly width: number },
  dividerAt: number,
  side: "left" | "right",
): { readonly left: number; readonly width: number } {
  const begin = side === "left" ? left : Math.max(left, dividerAt);
  const end = side === "left" ? Math.min(left + width, dividerAt) : left + width;
  return { left: begin, width: Math.max(0, end - begin) };
}

const { setGLClippedViewport } = RenderedPanel.prototype;

RenderedPanel.prototype.setGLClippedViewport = function () {
  setGLClippedViewport.call(this);
  const divider = dividers.get(this.context);
  if (divider === undefined) return;
  const { canvas } = this.context;
  const { width, height } = this.renderViewport;
  const side = divider.right.contains(this.element) ? "right" : "left";
  const span = toVisibleSpan(
    { left: this.canvasRelativeClippedLeft, width },
    Math.round(divider.at * canvas.width),
    side,
  );
  this.gl.scissor(span.left, canvas.height - (this.canvasRelativeClippedTop + height), span.width, height);
};
