import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { CheckpointError, FormatError } from "./format-error.ts";
import { readTorchCheckpoint } from "./torch-checkpoint.ts";
import { toFloat32, toInt64, torchDtypes } from "./torch-dtype.ts";
import { parseTorchPickle } from "./torch-pickle.ts";

// Saved by PyTorch, see scripts/write-network-goldens.py; what the values should give is tested with the networks.
const GOLDENS = "src/inference/fixtures/networks";
const read = (name: string) => readTorchCheckpoint(readFileSync(join(GOLDENS, `${name}.checkpoint`)));

describe("a checkpoint", () => {
  test("gives the model's tensors in order, and leaves the optimizer", () => {
    const { stateDict, dtypes } = read("flat_valid");
    expect([...stateDict.keys()].slice(0, 3)).toEqual([
      "prediction_head.weight",
      "prediction_head.bias",
      "chain.0.l_conv.0.conv_pass.0.weight",
    ]);
    expect(stateDict.get("chain.0.l_conv.0.conv_pass.0.weight")?.shape).toEqual([2, 2, 3, 3]);
    expect(dtypes).toEqual(["float32"]);
  });

  test("shares what it stores once", () => {
    const { stateDict } = read("flat_valid");
    expect(stateDict.get("chain.1.weight")?.data).toBe(stateDict.get("prediction_head.weight")?.data);
  });

  test.each([
    ["one_level_half", "float16"],
    ["hot_distance_head", "bfloat16"],
    ["flat_attention_transposed_same", "float64"],
  ])("%s in %s is widened or rounded to float32", (name, dtype) => {
    const { stateDict, dtypes } = read(name);
    expect(dtypes).toContain(dtype);
    for (const { shape, data } of stateDict.values()) {
      expect(data.length).toBe(shape.reduce((count, length) => count * length, 1));
      expect(data.every(Number.isFinite)).toBe(true);
    }
  });

  test("keeps counters aside", () => {
    const { stateDict, integers } = read("attention_norm_transposed_same");
    const counters = [...integers.keys()];
    expect(counters.length).toBeGreaterThan(0);
    expect(counters.every((name) => name.endsWith("num_batches_tracked") && !stateDict.has(name))).toBe(true);
    expect([...(integers.get(counters[0] ?? "")?.data ?? [])]).toEqual([0n]);
  });

  test("saved before PyTorch 1.6 is refused with the way out", () => {
    expect(() => read("before_1.6")).toThrow(/before release 1\.6.*save it again/);
  });

  test("cut anywhere is torn, and said to be so", () => {
    const whole = readFileSync(join(GOLDENS, "dummy.checkpoint"));
    for (const length of [0, 1, 100, 2000, whole.length - 1])
      try {
        readTorchCheckpoint(whole.subarray(0, length));
        expect.unreachable();
      } catch (error) {
        expect(error).toBeInstanceOf(CheckpointError);
        expect((error as CheckpointError).tag).toBe("torn");
      }
  });
});

/** The same zip with every size and offset in zip64's extra fields, as in files beyond 4 GiB. */
function widen(zip: Uint8Array): Uint8Array {
  const view = new DataView(zip.buffer, zip.byteOffset, zip.byteLength);
  const end = zip.length - 22;
  const begin = view.getUint32(end + 16, true);
  const records: number[] = [];
  let count = 0;
  for (let at = begin; view.getUint32(at, true) === 0x02014b50; count++) {
    const nameLength = view.getUint16(at + 28, true);
    const numbers = [24, 20, 42].map((field) => BigInt(view.getUint32(at + field, true)));
    const header = new DataView(Uint8Array.from(zip.subarray(at, at + 46)).buffer);
    for (const field of [24, 20, 42]) header.setUint32(field, 0xffffffff, true);
    header.setUint16(30, 28, true);
    const name = zip.subarray(at + 46, at + 46 + nameLength);
    const extra = [1, 0, 24, 0, ...new Uint8Array(BigInt64Array.from(numbers).buffer)];
    records.push(...new Uint8Array(header.buffer), ...name, ...extra);
    at += 46 + nameLength + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
  }
  const numbers = [count, count, records.length, begin].map(BigInt);
  const wideEnd = [0x50, 0x4b, 6, 6, ...Array(20).fill(0), ...new Uint8Array(BigInt64Array.from(numbers).buffer)];
  const locator = [0x50, 0x4b, 6, 7, ...Array(16).fill(0)];
  const plainEnd = [0x50, 0x4b, 5, 6, ...Array(4).fill(0), ...Array(12).fill(0xff), 0, 0];
  return Uint8Array.from([...zip.subarray(0, begin), ...records, ...wideEnd, ...locator, ...plainEnd]);
}

test("a checkpoint whose zip needs 64 bits is read as any other", () => {
  const zip = readFileSync(join(GOLDENS, "dummy.checkpoint"));
  expect(readTorchCheckpoint(widen(zip))).toEqual(readTorchCheckpoint(zip));
});

const RUNS = ["../shared/runs", "../shared/runs_legacy035", "demo"];

describe("every checkpoint of the real runs", () => {
  const files = RUNS.filter((base) => existsSync(base)).flatMap((base) =>
    readdirSync(base, { recursive: true, encoding: "utf8" })
      .filter((file) => /checkpoints\/iterations\/\d+$/.test(file))
      .map((file) => join(base, file)),
  );
  if (files.length < 20) console.info("Skipped: most of the real runs are not at hand.");

  test("is read, with finite weights", () => {
    expect(files.length).toBeGreaterThan(4);
    for (const file of files) {
      const { stateDict } = readTorchCheckpoint(readFileSync(file));
      expect(stateDict.size).toBeGreaterThan(8);
      for (const [name, { data }] of stateDict) expect(data.every(Number.isFinite), `${file} ${name}`).toBe(true);
    }
  });
});

const ascii = (text: string) => [...new TextEncoder().encode(text)];
const text = (value: string) => [0x8c, value.length, ...ascii(value)];
const integer = (value: number) => [0x4a, ...new Uint8Array(Int32Array.of(value).buffer)];
const find = (module: string, name: string) => [...text(module), ...text(name), 0x93];
const tuple = (...items: readonly (readonly number[])[]) => [0x28, ...items.flat(), 0x74];

type Claim = {
  readonly storage?: string;
  readonly count?: number;
  readonly offset?: number;
  readonly shape?: readonly number[];
  readonly strides?: readonly number[];
};

function tensor({ storage = "FloatStorage", count = 4, offset = 0, shape = [4], strides = [1] }: Claim): number[] {
  const id = tuple(text("storage"), find("torch", storage), text("0"), text("cuda:0"), integer(count));
  const sizes = [shape, strides].map((values) => tuple(...values.map(integer)));
  const args = [[...id, 0x51], integer(offset), ...sizes, [0x89], [0x7d]];
  return [...find("torch._utils", "_rebuild_tensor_v2"), ...tuple(...args), 0x52];
}

const pickle = (...value: readonly number[]) => Uint8Array.from([0x80, 4, ...value, 0x2e]);
const stateDict = (value: readonly number[]) => pickle(0x7d, 0x28, ...text("w"), ...value, 0x75);

describe("a pickle that lies", () => {
  test("about nothing is read: a bare state dict", () => {
    expect(parseTorchPickle(stateDict(tensor({}))).get("w")).toMatchObject({ offset: 0, shape: [4], strides: [1] });
  });

  test.each<[string, Claim]>([
    ["a tensor beyond its storage", { shape: [5] }],
    ["an offset beyond it", { offset: 1 }],
    ["strides beyond it", { shape: [2, 2], strides: [3, 1] }],
    ["a value repeated a billion times", { shape: [2 ** 30], strides: [0] }],
    ["negative strides", { strides: [-1] }],
    ["shape and strides of different length", { strides: [1, 1] }],
    ["sizes that overflow", { shape: Array(16).fill(2 ** 30), strides: Array(16).fill(0) }],
    ["too many axes", { shape: Array(40).fill(1), strides: Array(40).fill(1) }],
  ])("is refused: %s", (_, claim) => {
    expect(() => parseTorchPickle(stateDict(tensor(claim)))).toThrow(CheckpointError);
  });

  test.each([
    ["os", "system"],
    ["builtins", "eval"],
    ["torch", "load"],
    ["torch._utils", "_rebuild_tensor"],
    ["torch", "QInt8Storage"],
    ["dacapo.store.weights_store", "Weights.__init__"],
  ])("cannot name %s.%s", (module, name) => {
    const bytes = stateDict([...find(module, name), 0x29, 0x52]);
    expect(() => parseTorchPickle(bytes)).toThrow(`"${module} ${name}"`);
  });

  test("cannot call a storage, nor hold something else than tensors", () => {
    expect(() => parseTorchPickle(stateDict([...find("torch", "FloatStorage"), 0x29, 0x52]))).toThrow(CheckpointError);
    expect(() => parseTorchPickle(stateDict(text("weights")))).toThrow('"w", which is no tensor');
    expect(() => parseTorchPickle(pickle(0x5d))).toThrow(CheckpointError);
    expect(() => parseTorchPickle(pickle(0x4e))).toThrow(CheckpointError);
  });

  test("describes one storage twice", () => {
    const two = pickle(0x7d, 0x28, ...text("a"), ...tensor({}), ...text("b"), ...tensor({ count: 8 }), 0x75);
    expect(() => parseTorchPickle(two)).toThrow("two descriptions");
  });
});

describe("numbers", () => {
  const half = torchDtypes.get("HalfStorage");
  const brain = torchDtypes.get("BFloat16Storage");
  const wide = torchDtypes.get("DoubleStorage");
  if (!half || !brain || !wide) throw new TypeError("element types are missing");

  test("of half precision: all 65536 of them", () => {
    const bits = Uint16Array.from({ length: 65536 }, (_, index) => index);
    const values = toFloat32(new Uint8Array(bits.buffer), half);
    const expected = Float32Array.from(bits, (index) => {
      const [sign, exponent, fraction] = [index >> 15 ? -1 : 1, (index >> 10) & 31, index & 1023];
      if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
      return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
    });
    expect(values).toEqual(expected);
  });

  test("are read at any place in a file", () => {
    fc.assert(
      fc.property(fc.array(fc.float({ noNaN: true }), { maxLength: 20 }), fc.nat(7), (numbers, shift) => {
        const double = new Uint8Array(8 * numbers.length + shift);
        double.set(new Uint8Array(Float64Array.from(numbers).buffer), shift);
        expect([...toFloat32(double.subarray(shift), wide)]).toEqual(numbers);
        const cut = numbers.map((value) => new Uint32Array(Float32Array.of(value).buffer)[0] ?? 0).map((b) => b >>> 16);
        const short = new Uint8Array(2 * numbers.length + shift);
        short.set(new Uint8Array(Uint16Array.from(cut).buffer), shift);
        const expected = new Float32Array(Uint32Array.from(cut, (b) => b << 16).buffer);
        expect(toFloat32(short.subarray(shift), brain)).toEqual(expected);
      }),
    );
  });

  test.each([
    ["IntStorage", Int32Array.of(-5, 7)],
    ["ShortStorage", Int16Array.of(-5, 7)],
    ["CharStorage", Int8Array.of(-5, 7)],
    ["LongStorage", BigInt64Array.of(-5n, 7n)],
  ])("of %s become int64", (name, values) => {
    const dtype = torchDtypes.get(name);
    expect(dtype && [...toInt64(new Uint8Array(values.buffer), dtype)]).toEqual([-5n, 7n]);
  });
});

test("bytes changed anywhere never give anything but a checkpoint or a FormatError", () => {
  const whole = readFileSync(join(GOLDENS, "dummy.checkpoint"));
  const edits = fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { minLength: 1, maxLength: 6 });
  fc.assert(
    fc.property(edits, (changes) => {
      const bytes = Uint8Array.from(whole);
      for (const [at, value] of changes) bytes[at] = value;
      try {
        readTorchCheckpoint(bytes);
      } catch (error) {
        expect(error).toBeInstanceOf(FormatError);
      }
    }),
    { numRuns: 500 },
  );
});
