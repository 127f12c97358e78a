import { PickleError } from "./format-error.ts";
import type { PickleMachine } from "./pickle-machine.ts";
import * as m from "./pickle-machine.ts";
import { parseDecimalInteger, parsePythonFloat, toInteger, unescapeRawUnicode, unescapeString } from "./pickle-text.ts";
import { PickleTuple, type PickleValue } from "./pickle-values.ts";

type Operation = (machine: PickleMachine) => void;

/** Runs the machine up to STOP, which must be the last byte. */
export function runPickle(machine: PickleMachine): PickleValue {
  for (let count = 0; ; count++) {
    if (count > machine.limits.operations)
      throw new PickleError({
        tag: "limit",
        message: `The pickle has more than ${machine.limits.operations} operations.`,
      });
    const opcode = m.takeByte(machine);
    if (opcode === STOP) return finish(machine);
    const operation = operations[opcode];
    if (operation === undefined) throw m.malformed(machine, `byte 0x${opcode.toString(16)} is no instruction`);
    operation(machine);
  }
}

const STOP = 0x2e;

function finish(machine: PickleMachine): PickleValue {
  if (machine.position !== machine.bytes.length) throw m.malformed(machine, "bytes follow its end");
  const value = m.pop(machine);
  if (machine.stack.length > 0 || machine.marks.length > 0)
    throw m.malformed(machine, "values are left over at its end");
  return value;
}

function pushText(machine: PickleMachine, length: number): void {
  const start = m.take(machine, length);
  m.charge(machine, 32 + 2 * length);
  m.push(machine, utf8.decode(machine.bytes.subarray(start, start + length)));
}

// A byte order mark is part of a Python string; a lone surrogate (surrogatepass) becomes U+FFFD.
const utf8 = new TextDecoder("utf-8", { ignoreBOM: true });

function pushLatin1(machine: PickleMachine, length: number): void {
  const start = m.take(machine, length);
  m.charge(machine, 32 + 2 * length);
  m.push(machine, m.toLatin1(machine.bytes.subarray(start, start + length)));
}

function pushBytes(machine: PickleMachine, length: number): void {
  const start = m.take(machine, length);
  m.charge(machine, 128);
  m.push(machine, machine.bytes.subarray(start, start + length));
}

function pushTuple(machine: PickleMachine, items: readonly PickleValue[]): void {
  m.charge(machine, 64);
  m.push(machine, new PickleTuple(items));
}

function popTuple(machine: PickleMachine, length: number): void {
  const items: PickleValue[] = new Array(length);
  for (let index = length - 1; index >= 0; index--) items[index] = m.pop(machine);
  pushTuple(machine, items);
}

function pushList(machine: PickleMachine, items: PickleValue[]): void {
  m.charge(machine, 64);
  m.push(machine, items);
}

function pushDict(machine: PickleMachine, items: readonly PickleValue[]): void {
  m.charge(machine, 256);
  m.push(machine, new Map());
  m.setItems(machine, items);
}

function pushSet(machine: PickleMachine, items: readonly PickleValue[]): void {
  m.charge(machine, 256 + 32 * items.length);
  m.push(machine, new Set(items));
}

function addItems(machine: PickleMachine): void {
  const items = m.popToMark(machine);
  const set = m.peek(machine);
  if (!(set instanceof Set)) throw m.malformed(machine, "items are added to something that is not a set");
  m.charge(machine, 32 * items.length);
  for (const item of items) set.add(item);
}

function popMark(machine: PickleMachine): void {
  m.popToMark(machine);
}

// Python's POP also removes a mark when nothing lies above it.
function popAny(machine: PickleMachine): void {
  if (machine.marks.at(-1) === machine.stack.length) machine.marks.pop();
  else m.pop(machine);
}

function pushLong(machine: PickleMachine, length: number): void {
  if (length > machine.limits.integerBytes) throw m.malformed(machine, `an integer of ${length} bytes`);
  const start = m.take(machine, length);
  m.charge(machine, length);
  m.push(machine, toInteger(machine.bytes.subarray(start, start + length)));
}

function pushInt(machine: PickleMachine): void {
  const line = m.takeLine(machine);
  const boolean = line === "00" ? false : line === "01" ? true : undefined;
  m.push(machine, boolean ?? parseDecimal(machine, line));
}

function pushDecimalLong(machine: PickleMachine): void {
  m.push(machine, parseDecimal(machine, m.takeLine(machine).replace(/L$/, "")));
}

function parseDecimal(machine: PickleMachine, text: string): number | bigint {
  const value = parseDecimalInteger(text, machine.limits.integerBytes * 2);
  if (value === undefined) throw m.malformed(machine, `${JSON.stringify(text.slice(0, 40))} is not an integer`);
  return value;
}

function pushDecimalFloat(machine: PickleMachine): void {
  const line = m.takeLine(machine);
  const value = parsePythonFloat(line);
  if (value === undefined) throw m.malformed(machine, `${JSON.stringify(line.slice(0, 40))} is not a number`);
  m.push(machine, value);
}

function pushQuoted(machine: PickleMachine): void {
  const text = unescapeString(m.takeLine(machine, machine.bytes.length));
  if (text === undefined) throw m.malformed(machine, "a string has no closing quote");
  m.charge(machine, 32 + 2 * text.length);
  m.push(machine, text);
}

function pushRawUnicode(machine: PickleMachine): void {
  const text = unescapeRawUnicode(m.takeLine(machine, machine.bytes.length));
  m.charge(machine, 32 + 2 * text.length);
  m.push(machine, text);
}

function memoIndexOf(machine: PickleMachine): number {
  const line = m.takeLine(machine, 20);
  if (!/^\d{1,15}$/.test(line)) throw m.malformed(machine, `${JSON.stringify(line)} is not a memo number`);
  return Number(line);
}

function stackGlobal(machine: PickleMachine): void {
  const name = m.pop(machine);
  const module = m.pop(machine);
  if (typeof name !== "string" || typeof module !== "string") throw m.malformed(machine, "a name is not text");
  m.findGlobal(machine, module, name);
}

function instance(machine: PickleMachine): void {
  const module = m.takeLine(machine);
  const name = m.takeLine(machine);
  const args = m.popToMark(machine);
  m.findGlobal(machine, module, name);
  m.call(machine, m.pop(machine), args);
}

function objectOfMark(machine: PickleMachine): void {
  const [callable, ...args] = m.popToMark(machine);
  m.call(machine, callable ?? null, args);
}

function reduce(machine: PickleMachine): void {
  const args = m.tupleItems(machine, m.pop(machine));
  m.call(machine, m.pop(machine), args);
}

function newObjectWithKeywords(machine: PickleMachine): void {
  const keywords = m.pop(machine);
  if (!(keywords instanceof Map) || keywords.size > 0)
    throw m.malformed(machine, "an object is built with keyword arguments");
  reduce(machine);
}

function persistent(machine: PickleMachine, id: PickleValue): void {
  const load = machine.options.persistentLoad;
  if (load === undefined) throw m.refuse(machine, "a value stored outside the pickle");
  m.charge(machine, 128);
  m.push(machine, load(id));
}

function protocol(machine: PickleMachine): void {
  const version = m.takeByte(machine);
  if (version > 5)
    throw m.malformed(machine, `it says it is written in protocol ${version}, and 5 is the newest known`);
}

// The whole frame must lie inside the file; a file whose last frame is short is still being written.
function frame(machine: PickleMachine): void {
  const length = m.takeUint64(machine);
  if (length > machine.bytes.length - machine.position) throw m.tornError(machine.bytes.length);
}

const refused =
  (name: string): Operation =>
  (machine) => {
    throw m.refuse(machine, name);
  };

// Names and codes of Python's pickletools; protocols 0 to 5.
const operations: Readonly<Record<number, Operation>> = {
  40: m.mark, // MARK
  41: (s) => pushTuple(s, []), // EMPTY_TUPLE
  48: popAny, // POP
  49: popMark, // POP_MARK
  50: (s) => m.push(s, m.peek(s)), // DUP
  66: (s) => pushBytes(s, m.takeUint32(s)), // BINBYTES
  67: (s) => pushBytes(s, m.takeByte(s)), // SHORT_BINBYTES
  70: pushDecimalFloat, // FLOAT
  71: (s) => m.push(s, s.view.getFloat64(m.take(s, 8))), // BINFLOAT, big-endian
  73: pushInt, // INT
  74: (s) => m.push(s, s.view.getInt32(m.take(s, 4), true)), // BININT
  75: (s) => m.push(s, m.takeByte(s)), // BININT1
  76: pushDecimalLong, // LONG
  77: (s) => m.push(s, s.view.getUint16(m.take(s, 2), true)), // BININT2
  78: (s) => m.push(s, null), // NONE
  80: (s) => persistent(s, m.takeLine(s)), // PERSID
  81: (s) => persistent(s, m.pop(s)), // BINPERSID
  82: reduce, // REDUCE
  83: pushQuoted, // STRING
  84: (s) => pushLatin1(s, m.takeUint32(s)), // BINSTRING
  85: (s) => pushLatin1(s, m.takeByte(s)), // SHORT_BINSTRING
  86: pushRawUnicode, // UNICODE
  88: (s) => pushText(s, m.takeUint32(s)), // BINUNICODE
  93: (s) => pushList(s, []), // EMPTY_LIST
  97: (s) => m.extend(s, [m.pop(s)]), // APPEND
  98: m.build, // BUILD
  99: (s) => m.findGlobal(s, m.takeLine(s), m.takeLine(s)), // GLOBAL
  100: (s) => pushDict(s, m.popToMark(s)), // DICT
  101: (s) => m.extend(s, m.popToMark(s)), // APPENDS
  103: (s) => m.recall(s, memoIndexOf(s)), // GET
  104: (s) => m.recall(s, m.takeByte(s)), // BINGET
  105: instance, // INST
  106: (s) => m.recall(s, m.takeUint32(s)), // LONG_BINGET
  108: (s) => pushList(s, m.popToMark(s)), // LIST
  111: objectOfMark, // OBJ
  112: (s) => m.remember(s, memoIndexOf(s)), // PUT
  113: (s) => m.remember(s, m.takeByte(s)), // BINPUT
  114: (s) => m.remember(s, m.takeUint32(s)), // LONG_BINPUT
  115: setOne, // SETITEM
  116: (s) => pushTuple(s, m.popToMark(s)), // TUPLE
  117: (s) => m.setItems(s, m.popToMark(s)), // SETITEMS
  125: (s) => pushDict(s, []), // EMPTY_DICT
  128: protocol, // PROTO
  129: reduce, // NEWOBJ
  130: refused("a copyreg extension"), // EXT1
  131: refused("a copyreg extension"), // EXT2
  132: refused("a copyreg extension"), // EXT4
  133: (s) => popTuple(s, 1), // TUPLE1
  134: (s) => popTuple(s, 2), // TUPLE2
  135: (s) => popTuple(s, 3), // TUPLE3
  136: (s) => m.push(s, true), // NEWTRUE
  137: (s) => m.push(s, false), // NEWFALSE
  138: (s) => pushLong(s, m.takeByte(s)), // LONG1
  139: (s) => pushLong(s, m.takeUint32(s)), // LONG4
  140: (s) => pushText(s, m.takeByte(s)), // SHORT_BINUNICODE
  141: (s) => pushText(s, m.takeUint64(s)), // BINUNICODE8
  142: (s) => pushBytes(s, m.takeUint64(s)), // BINBYTES8
  143: (s) => pushSet(s, []), // EMPTY_SET
  144: addItems, // ADDITEMS
  145: (s) => pushSet(s, m.popToMark(s)), // FROZENSET
  146: newObjectWithKeywords, // NEWOBJ_EX
  147: stackGlobal, // STACK_GLOBAL
  148: (s) => m.remember(s, s.memo.size), // MEMOIZE
  149: frame, // FRAME
  150: (s) => pushBytes(s, m.takeUint64(s)), // BYTEARRAY8
  151: refused("an out-of-band buffer"), // NEXT_BUFFER
  152: refused("an out-of-band buffer"), // READONLY_BUFFER
};

function setOne(machine: PickleMachine): void {
  const value = m.pop(machine);
  const key = m.pop(machine);
  m.setItems(machine, [key, value]);
}
