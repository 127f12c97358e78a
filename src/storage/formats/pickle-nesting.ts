import { PickleError } from "./format-error.ts";
import { PickleObject, PickleTuple, type PickleValue } from "./pickle-values.ts";

type Frame = { readonly node: object; readonly children: Iterator<PickleValue>; height: number };

/** Throws PickleError when the value contains itself or is nested deeper than `depth`. Visits every container once. */
export function checkNesting(value: PickleValue, depth: number): void {
  const heights = new Map<object, number>();
  const path: Frame[] = [];
  enter(value, path, heights, depth);
  for (let frame = path.at(-1); frame !== undefined; frame = path.at(-1)) {
    const next = frame.children.next();
    if (next.done === true) leave(path, heights, depth);
    else enter(next.value, path, heights, depth);
  }
}

const OPEN = -1;

function enter(value: PickleValue, path: Frame[], heights: Map<object, number>, depth: number): void {
  const children = childrenOf(value);
  if (children === undefined) return;
  const node = value as object;
  const known = heights.get(node);
  if (known === OPEN)
    throw new PickleError({
      tag: "malformed",
      message: "The pickle holds a value that contains itself, which DaCapo never writes.",
    });
  if (known !== undefined) {
    raise(path, known, depth);
    return;
  }
  heights.set(node, OPEN);
  path.push({ node, children, height: 1 });
  raise(path, 0, depth);
}

function leave(path: Frame[], heights: Map<object, number>, depth: number): void {
  const frame = path.pop();
  if (frame === undefined) return;
  heights.set(frame.node, frame.height);
  raise(path, frame.height, depth);
}

function raise(path: readonly Frame[], childHeight: number, depth: number): void {
  const parent = path.at(-1);
  if (parent === undefined) return;
  parent.height = Math.max(parent.height, childHeight + 1);
  if (path.length + childHeight > depth) {
    throw new PickleError({
      tag: "limit",
      message: `The pickle is nested deeper than ${depth} levels, which DaCapo never writes.`,
    });
  }
}

function childrenOf(value: PickleValue): Iterator<PickleValue> | undefined {
  if (Array.isArray(value)) return value.values();
  if (value instanceof PickleTuple) return value.items.values();
  if (value instanceof Map) return entriesOf(value);
  if (value instanceof Set) return value.values();
  return value instanceof PickleObject ? value.children()[Symbol.iterator]() : undefined;
}

function* entriesOf(map: ReadonlyMap<PickleValue, PickleValue>): Iterator<PickleValue> {
  for (const [key, value] of map) {
    yield key;
    yield value;
  }
}
