/** Position of a slider from 0 to 1 as a window in iterations, finer where windows are small; 1 (no smoothing) at 0. */
export function toSmoothingWindow(position: number, span: number): number {
  const longest = Math.max(1, span / 4);
  return Math.max(1, Math.round(longest ** Math.min(1, Math.max(0, position))));
}

/** The slider position of a window; the inverse of `toSmoothingWindow` up to rounding. */
export function toSliderPosition(window: number, span: number): number {
  const longest = Math.max(1, span / 4);
  return longest === 1 || window <= 1 ? 0 : Math.min(1, Math.log(window) / Math.log(longest));
}

/** A hundredth of the training: enough to see the trend, little enough to see a change of it. */
export function toDefaultSmoothing(span: number): number {
  return Math.max(1, Math.round(span / 100));
}
