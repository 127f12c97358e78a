/** The rows to draw for a scroll position, a few more on both sides. */
export function toWindow(count: number, rowHeight: number, scrollTop: number, height: number) {
  const spare = 8;
  const first = Math.max(0, Math.min(count, Math.floor(scrollTop / rowHeight) - spare));
  const end = Math.min(count, Math.ceil((scrollTop + height) / rowHeight) + spare);
  return { first, end: Math.max(first, end), before: first * rowHeight, after: (count - end) * rowHeight };
}
