import type { TrainingStats } from "#dacapo/training-stats.ts";
import { malformedAt, tornError } from "./pickle-machine.ts";
import { StatsColumns } from "./stats-columns.ts";

// What has been read so far, and so what may follow.
const BEFORE_LIST = 0;
const LIST = 1;
const BATCH = 2;
const ROW = 3;
const KEY = 4;
const VALUE = 5;
const SINGLE = 6;

// Kinds of strings. Memo entries of kind 0 are not strings (lists, rows).
const ITERATION = 1;
const LOSS = 2;
const TIME = 3;
const OTHER = 4;
const keyNames = ["", "iteration", "loss", "time"];

const memoSize = 65_536;
const progressStep = 2 ** 20;

/**
 * Reads the one shape that DaCapo writes, in protocols 1 to 5, straight into columns: no row ever becomes an object, so a
 * million rows take the time of one pass over the bytes. Returns undefined at anything else, which the general reader
 * then judges. Throws PickleError "torn" when everything up to the end of the bytes fits, and "malformed" when bytes follow STOP.
 */
export function scanTrainingStats(
  bytes: Uint8Array,
  onProgress?: (done: number, total: number) => void,
): TrainingStats | undefined {
  const end = bytes.length;
  const view = new DataView(bytes.buffer, bytes.byteOffset, end);
  const columns = new StatsColumns(Math.ceil(end / 32));
  const memo = new Uint8Array(memoSize);
  // Two ways to number the memo, never mixed in one file.
  let memoized = 0;
  let numbered = false;
  let state = BEFORE_LIST;
  let inBatch = false;
  let pushed = 0;
  let key = 0;
  let seen = 0;
  let iteration = 0;
  let loss = 0;
  let time = 0;
  let reported = 0;
  let position = 0;

  while (position < end) {
    const opcode = bytes[position++];
    let kind = 0;
    let number = 0;
    switch (opcode) {
      case 0x68: // BINGET
        kind = memo[bytes[position++] ?? 0] ?? 0;
        if (kind === 0 && position <= end) return undefined;
        break;
      case 0x6a: // LONG_BINGET
        if (position + 4 > end) throw tornError(end);
        kind = memo[view.getUint32(position, true)] ?? 0;
        position += 4;
        if (kind === 0) return undefined;
        break;
      case 0x47: // BINFLOAT
        if (position + 8 > end) throw tornError(end);
        number = view.getFloat64(position);
        position += 8;
        break;
      case 0x4b: // BININT1
        number = bytes[position++] ?? 0;
        break;
      case 0x4d: // BININT2
        if (position + 2 > end) throw tornError(end);
        number = view.getUint16(position, true);
        position += 2;
        break;
      case 0x4a: // BININT
        if (position + 4 > end) throw tornError(end);
        number = view.getInt32(position, true);
        position += 4;
        break;
      case 0x4e: // NONE
        number = Number.NaN;
        break;
      case 0x94: // MEMOIZE
        if (numbered) return undefined;
        if (memoized < memoSize) memo[memoized] = pushed;
        else if (pushed !== 0) return undefined;
        memoized++;
        continue;
      case 0x71: // BINPUT
        numbered = true;
        memo[bytes[position++] ?? 0] = pushed;
        continue;
      case 0x72: // LONG_BINPUT
        numbered = true;
        if (position + 4 > end) throw tornError(end);
        if (view.getUint32(position, true) < memoSize) memo[view.getUint32(position, true)] = pushed;
        else if (pushed !== 0) return undefined;
        position += 4;
        continue;
      case 0x7d: // EMPTY_DICT
        if (state !== BATCH && state !== LIST) return undefined;
        inBatch = state === BATCH;
        state = ROW;
        pushed = 0;
        continue;
      case 0x28: // MARK
        if (state === ROW) {
          state = KEY;
          seen = 0;
          time = Number.NaN;
        } else if (state === LIST) state = BATCH;
        else return undefined;
        continue;
      case 0x75: // SETITEMS
        if (state !== KEY || (seen & 3) !== 3) return undefined;
        columns.push(iteration, loss, time);
        state = inBatch ? BATCH : SINGLE;
        pushed = 0;
        continue;
      case 0x65: // APPENDS
        if (state !== BATCH) return undefined;
        state = LIST;
        pushed = 0;
        if (onProgress !== undefined && position - reported >= progressStep) {
          reported = position;
          onProgress(position, end);
        }
        continue;
      case 0x61: // APPEND
        if (state !== SINGLE) return undefined;
        state = LIST;
        continue;
      case 0x5d: // EMPTY_LIST
        if (state !== BEFORE_LIST) return undefined;
        state = LIST;
        pushed = 0;
        continue;
      case 0x8c: {
        // SHORT_BINUNICODE
        const length = bytes[position++] ?? 0;
        if (position + length > end) throw tornError(end);
        kind = kindOf(bytes, position, length);
        position += length;
        break;
      }
      case 0x58: {
        // BINUNICODE
        if (position + 4 > end) throw tornError(end);
        const length = view.getUint32(position, true);
        if (position + 4 + length > end) throw tornError(end);
        kind = kindOf(bytes, position + 4, length);
        position += 4 + length;
        break;
      }
      case 0x95: // FRAME
        if (position + 8 > end || view.getBigUint64(position, true) > BigInt(end - position - 8)) throw tornError(end);
        position += 8;
        continue;
      case 0x80: // PROTO
        if (position !== 1) return undefined;
        if ((bytes[position++] ?? 0) > 5) return undefined;
        continue;
      case 0x2e: // STOP
        if (state !== LIST) return undefined;
        if (position !== end) throw malformedAt(position, "bytes follow its end");
        return columns.toStats();
      default:
        return undefined;
    }
    pushed = kind;
    if (state === KEY) {
      if (kind === 0 && position <= end) return undefined;
      key = kind;
      state = VALUE;
    } else if (state === VALUE) {
      if (key !== OTHER && kind !== 0) return undefined;
      if (key === ITERATION) iteration = number;
      else if (key === LOSS) loss = number;
      else if (key === TIME) time = number;
      if (key === ITERATION && !Number.isSafeInteger(number)) return undefined;
      seen |= key === ITERATION ? 1 : key === LOSS ? 2 : key === TIME ? 4 : 0;
      state = KEY;
    } else return undefined;
  }
  throw tornError(end);
}

function kindOf(bytes: Uint8Array, start: number, length: number): number {
  const found = keyNames.findIndex((name) => name.length === length && name !== "" && matches(bytes, start, name));
  return found > 0 ? found : OTHER;
}

function matches(bytes: Uint8Array, start: number, name: string): boolean {
  for (let index = 0; index < name.length; index++) if (bytes[start + index] !== name.charCodeAt(index)) return false;
  return true;
}
