import { PickleError } from "./format-error.ts";
import type { PickleLimits, PickleOptions } from "./pickle-options.ts";
import { PickleGlobal, PickleObject, PickleTuple, type PickleValue } from "./pickle-values.ts";

/** The state of one reading: position, stack, marks, memo and what may still be spent. */
export type PickleMachine = {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  readonly options: PickleOptions;
  readonly limits: PickleLimits;
  position: number;
  memoryLeft: number;
  readonly stack: PickleValue[];
  /** Stack heights at the open marks. */
  readonly marks: number[];
  readonly memo: Map<number, PickleValue>;
};

export function createPickleMachine(bytes: Uint8Array, options: PickleOptions, limits: PickleLimits): PickleMachine {
  if (bytes.length > limits.bytes)
    throw limitError(`The pickle has ${bytes.length} bytes, more than the ${limits.bytes} that are read.`, 0);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return {
    bytes,
    view,
    options,
    limits,
    position: 0,
    memoryLeft: limits.memory,
    stack: [],
    marks: [],
    memo: new Map(),
  };
}

export function tornError(byteLength: number): PickleError {
  const message =
    byteLength === 0
      ? "The pickle is empty: DaCapo has only just opened the file for writing; read it again in a moment."
      : `The pickle stops at byte ${byteLength}, before its end: DaCapo is still writing it or was interrupted; read it again in a moment.`;
  return new PickleError({ tag: "torn", message, offset: byteLength });
}

export function malformed(machine: PickleMachine, found: string): PickleError {
  return malformedAt(machine.position, found);
}

export function malformedAt(offset: number, found: string): PickleError {
  return new PickleError({
    tag: "malformed",
    message: `The pickle is damaged near byte ${offset}: ${found}; check that the file was copied whole and in binary mode.`,
    offset,
  });
}

export function refuse(machine: PickleMachine, name: string): PickleError {
  const message = `The pickle asks for ${JSON.stringify(name.slice(0, 200))}, which is not among the plain values that DaCapo writes, so it was not read.`;
  return new PickleError({ tag: "refused", message, offset: machine.position, refused: name });
}

function limitError(message: string, offset: number): PickleError {
  return new PickleError({ tag: "limit", message, offset });
}

/** Advances past `length` bytes and returns where they begin. */
export function take(machine: PickleMachine, length: number): number {
  const start = machine.position;
  if (length > machine.bytes.length - start) throw tornError(machine.bytes.length);
  machine.position = start + length;
  return start;
}

export function takeByte(machine: PickleMachine): number {
  return machine.view.getUint8(take(machine, 1));
}

export function takeUint32(machine: PickleMachine): number {
  return machine.view.getUint32(take(machine, 4), true);
}

/** An 8-byte length; more than the file can hold is torn, as any length beyond its end is. */
export function takeUint64(machine: PickleMachine): number {
  return Number(machine.view.getBigUint64(take(machine, 8), true));
}

/** A line of protocol 0, without its newline, one character a byte. */
export function takeLine(machine: PickleMachine, maxLength = 4096): string {
  const end = machine.bytes.indexOf(10, machine.position);
  if (end < 0) throw tornError(machine.bytes.length);
  if (end - machine.position > maxLength) throw malformed(machine, `a line of more than ${maxLength} characters`);
  const line = toLatin1(machine.bytes.subarray(machine.position, end));
  machine.position = end + 1;
  return line;
}

export function toLatin1(bytes: Uint8Array): string {
  let text = "";
  for (let start = 0; start < bytes.length; start += 4096)
    text += String.fromCharCode(...bytes.subarray(start, start + 4096));
  return text;
}

export function charge(machine: PickleMachine, byteLength: number): void {
  machine.memoryLeft -= byteLength;
  if (machine.memoryLeft < 0)
    throw limitError(`The pickle would need more than ${machine.limits.memory} bytes of memory.`, machine.position);
}

export function push(machine: PickleMachine, value: PickleValue): void {
  charge(machine, 8);
  machine.stack.push(value);
}

export function pop(machine: PickleMachine): PickleValue {
  const floor = machine.marks.at(-1) ?? 0;
  const value = machine.stack.length > floor ? machine.stack.pop() : undefined;
  if (value === undefined) throw malformed(machine, "a value is missing");
  return value;
}

export function peek(machine: PickleMachine): PickleValue {
  const floor = machine.marks.at(-1) ?? 0;
  const value = machine.stack.length > floor ? machine.stack.at(-1) : undefined;
  if (value === undefined) throw malformed(machine, "a value is missing");
  return value;
}

export function mark(machine: PickleMachine): void {
  if (machine.marks.length >= machine.limits.depth)
    throw limitError(`The pickle is nested deeper than ${machine.limits.depth} levels.`, machine.position);
  machine.marks.push(machine.stack.length);
}

/** Everything above the last mark, which is closed. */
export function popToMark(machine: PickleMachine): PickleValue[] {
  const floor = machine.marks.pop();
  if (floor === undefined) throw malformed(machine, "a group ends that never began");
  charge(machine, 8 * (machine.stack.length - floor));
  return machine.stack.splice(floor);
}

export function remember(machine: PickleMachine, index: number): void {
  charge(machine, 32);
  machine.memo.set(index, peek(machine));
}

export function recall(machine: PickleMachine, index: number): void {
  const value = machine.memo.get(index);
  if (value === undefined) throw malformed(machine, `it refers to value ${index}, which it does not hold`);
  push(machine, value);
}

export function extend(machine: PickleMachine, items: readonly PickleValue[]): void {
  const list = peek(machine);
  if (!Array.isArray(list)) throw malformed(machine, "items are appended to something that is not a list");
  charge(machine, 8 * items.length);
  for (const item of items) list.push(item);
}

export function setItems(machine: PickleMachine, items: readonly PickleValue[]): void {
  const target = peek(machine);
  if (items.length % 2 !== 0) throw malformed(machine, "a key has no value");
  charge(machine, 32 * items.length);
  for (let index = 0; index < items.length; index += 2)
    setItem(machine, target, items[index] ?? null, items[index + 1] ?? null);
}

function setItem(machine: PickleMachine, target: PickleValue, key: PickleValue, value: PickleValue): void {
  if (target instanceof Map) target.set(key, value);
  else if (target instanceof PickleObject && target.setItem !== undefined) target.setItem(key, value);
  else throw malformed(machine, "items are set on something that is not a dictionary");
}

export function findGlobal(machine: PickleMachine, module: string, name: string): void {
  const qualifiedName = `${module} ${name}`;
  const builder = machine.options.allow?.get(qualifiedName);
  if (builder === undefined) throw refuse(machine, qualifiedName);
  push(machine, new PickleGlobal(qualifiedName, builder));
}

/** Calls an allowed builder, and counts the bytes that it may have copied. */
export function call(machine: PickleMachine, callable: PickleValue, args: readonly PickleValue[]): void {
  if (!(callable instanceof PickleGlobal)) throw malformed(machine, "something that cannot be called is called");
  charge(machine, 128);
  const made = callable.builder.construct(args);
  if (made instanceof Uint8Array) charge(machine, made.length);
  push(machine, made);
}

export function tupleItems(machine: PickleMachine, value: PickleValue): readonly PickleValue[] {
  if (!(value instanceof PickleTuple)) throw malformed(machine, "arguments are not a tuple");
  return value.items;
}

export function build(machine: PickleMachine): void {
  const state = pop(machine);
  const target = peek(machine);
  if (!(target instanceof PickleObject)) throw malformed(machine, "state is given to a plain value");
  target.setState(state);
}
