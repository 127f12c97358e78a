const batchSize = 1000;
const frameTarget = 64 * 1024;
const frameHeader = 9;
const smallestFrame = 4;

/** Columns of a training, as long as each other. */
export type TrainingColumns = {
  readonly runName: string;
  readonly iterations: ArrayLike<number>;
  readonly losses: ArrayLike<number>;
  readonly times: ArrayLike<number>;
};

/** Bytes that grow at the end. */
function createBytes() {
  let bytes = new Uint8Array(1 << 20);
  let view = new DataView(bytes.buffer);
  let length = 0;
  let frame = 0;
  function claim(count: number): number {
    if (length + count > bytes.length) {
      const longer = new Uint8Array(2 * (length + count));
      longer.set(bytes.subarray(0, length));
      bytes = longer;
      view = new DataView(bytes.buffer);
    }
    length += count;
    return length - count;
  }
  function closeFrame(): void {
    view.setUint8(frame, 0x95);
    view.setBigUint64(frame + 1, BigInt(length - frame - frameHeader), true);
  }
  return {
    op: (...codes: number[]) => {
      const at = claim(codes.length);
      bytes.set(codes, at);
    },
    text: (value: string) => {
      const at = claim(Buffer.byteLength(value));
      bytes.set(Buffer.from(value), at);
    },
    float: (value: number) => {
      const at = claim(8);
      view.setFloat64(at, value, false);
    },
    int: (value: number, width: 1 | 2 | 4) => {
      const at = claim(width);
      if (width === 1) view.setUint8(at, value);
      else if (width === 2) view.setUint16(at, value, true);
      else view.setInt32(at, value, true);
    },
    /** Before a value: closes the frame if it is full, and opens the next. */
    boundary: () => {
      if (length - frame - frameHeader < frameTarget) return;
      closeFrame();
      frame = claim(frameHeader);
    },
    openFrame: () => {
      frame = claim(frameHeader);
    },
    /** The last frame; one that is too short has no header. */
    endFrame: () => {
      if (length - frame - frameHeader >= smallestFrame) return closeFrame();
      bytes.copyWithin(frame, frame + frameHeader, length);
      length -= frameHeader;
    },
    result: () => bytes.slice(0, length),
  };
}

type Bytes = ReturnType<typeof createBytes>;

/**
 * The bytes that CPython's `pickle.dump` (protocol 4) writes for DaCapo's training statistics: a list of dicts with the
 * keys iteration, loss, time, run_name; keys and name memoised, items in batches of 1000, a new frame after the first value past 64 KiB.
 */
export function buildTrainingPickle(columns: TrainingColumns): Uint8Array {
  const bytes = createBytes();
  const rows = columns.iterations.length;
  bytes.op(0x80, 4);
  bytes.openFrame();
  bytes.op(0x5d, 0x94); // EMPTY_LIST, MEMOIZE
  for (let row = 0; row < rows; row += 1) {
    if (row % batchSize === 0 && rows > 1) bytes.op(0x28); // MARK
    writeRow(bytes, columns, row);
    if (row % batchSize === batchSize - 1 || row === rows - 1) bytes.op(rows === 1 ? 0x61 : 0x65); // APPEND(S)
  }
  bytes.op(0x2e); // STOP
  bytes.endFrame();
  return bytes.result();
}

function writeRow(bytes: Bytes, { runName, iterations, losses, times }: TrainingColumns, row: number): void {
  bytes.boundary();
  bytes.op(0x7d, 0x94, 0x28); // EMPTY_DICT, MEMOIZE, MARK
  writeString(bytes, "iteration", 2, row);
  writeInt(bytes, iterations[row] ?? 0);
  writeString(bytes, "loss", 3, row);
  writeFloat(bytes, losses[row] ?? 0);
  writeString(bytes, "time", 4, row);
  writeFloat(bytes, times[row] ?? 0);
  writeString(bytes, "run_name", 5, row);
  writeString(bytes, runName, 6, row);
  bytes.op(0x75); // SETITEMS
}

/** Written out and memoised in the first row, fetched from the memo in every other. */
function writeString(bytes: Bytes, value: string, memo: number, row: number): void {
  bytes.boundary();
  if (row > 0) {
    bytes.op(0x68, memo); // BINGET
  } else {
    bytes.op(0x8c, Buffer.byteLength(value)); // SHORT_BINUNICODE
    bytes.text(value);
    bytes.op(0x94); // MEMOIZE
  }
}

function writeInt(bytes: Bytes, value: number): void {
  bytes.boundary();
  const width = value < 0x100 ? 1 : value < 0x10000 ? 2 : 4;
  bytes.op(width === 1 ? 0x4b : width === 2 ? 0x4d : 0x4a); // BININT1, BININT2, BININT
  bytes.int(value, width);
}

function writeFloat(bytes: Bytes, value: number): void {
  bytes.boundary();
  bytes.op(0x47); // BINFLOAT
  bytes.float(value);
}

/** A training that looks like one: a falling, noisy loss and seconds per iteration with slow ones; the same every time. */
export function syntheticTraining(rows: number, runName = "benchmark"): TrainingColumns {
  let state = 1;
  const random = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
  const iterations = Float64Array.from({ length: rows }, (_, row) => row);
  const losses = iterations.map((row) => 0.7 * Math.exp((-3 * row) / rows) + 0.1 * random() ** 2);
  const times = iterations.map((row) => (row % 1000 === 0 ? 2 : 0.25) + 0.05 * random());
  return { runName, iterations, losses, times };
}
