import { type NodeAtHand, numbersOf, type Traced } from "./onnx-traced.ts";

export function traceSlice(at: NodeAtHand, first: Traced): Traced | undefined {
  const ranges = sliceRanges(at, first.shape.length);
  if (ranges === undefined) return undefined;
  const shape = [...first.shape];
  const axes = [...first.axes];
  for (const { axis, start, end, step } of ranges) {
    const length = first.shape[axis] ?? 1;
    const own = axes[axis];
    shape[axis] = sliceLength(length, start, end, step);
    if (own) axes[axis] = { ...own, scale: own.scale * Math.abs(step) };
  }
  return { shape, axes };
}

export type SliceRange = { readonly axis: number; readonly start: number; readonly end: number; readonly step: number };

/** By inputs (newer opsets) or attributes; undefined where they are not known. */
export function sliceRanges({ node, inputs }: NodeAtHand, rank: number): readonly SliceRange[] | undefined {
  const list = (input: number, name: string) => (inputs[input] ? inputs[input].values?.numbers : numbersOf(node, name));
  const [starts, ends] = [list(1, "starts"), list(2, "ends")];
  if (starts === undefined || ends === undefined) return undefined;
  if ((inputs[3] && !inputs[3].values) || (inputs[4] && !inputs[4].values)) return undefined;
  const axes = list(3, "axes") ?? starts.map((_, i) => i);
  const steps = inputs[4]?.values?.numbers ?? starts.map(() => 1);
  return starts.map((start, i) => {
    const axis = axes[i] ?? i;
    return { axis: axis < 0 ? axis + rank : axis, start, end: ends[i] ?? 0, step: steps[i] ?? 1 };
  });
}

export function sliceLength(length: number, start: number, end: number, step: number): number {
  const place = (at: number) => (at < 0 ? at + length : at);
  if (step > 0) {
    const [from, to] = [clamp(place(start), 0, length), clamp(place(end), 0, length)];
    return Math.max(0, Math.ceil((to - from) / step));
  }
  const [from, to] = [clamp(place(start), -1, length - 1), clamp(place(end), -1, length - 1)];
  return step === 0 ? 0 : Math.max(0, Math.ceil((to - from) / step));
}

function clamp(value: number, least: number, most: number): number {
  return Math.min(Math.max(value, least), most);
}
