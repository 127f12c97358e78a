import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { PickleError } from "./format-error.ts";
import { numpyScalars } from "./numpy-pickle.ts";
import { readPickle } from "./pickle.ts";
import { type PickleBuilder, PickleObject, PickleTuple, type PickleValue } from "./pickle-values.ts";

const fixtures = new URL("./fixtures/", import.meta.url);
const readFixture = (name: string) => new Uint8Array(readFileSync(new URL(name, fixtures)));
const listFixtures = (pattern: RegExp) => readdirSync(fixtures).filter((name) => pattern.test(name));

function pickle(...parts: (string | number | readonly number[])[]): Uint8Array {
  return Uint8Array.from(
    parts.flatMap((part) => (typeof part === "string" ? [...part].map((c) => c.charCodeAt(0)) : part)),
  );
}

function errorOf(bytes: Uint8Array, options?: Parameters<typeof readPickle>[1]): PickleError {
  try {
    readPickle(bytes, options);
  } catch (error) {
    if (error instanceof PickleError) return error;
    throw error;
  }
  throw new Error("the pickle was read");
}

describe("what a pickle may ask for", () => {
  test.each(listFixtures(/^hostile/))("%s, which would run a command, is refused by the command's name", (name) => {
    const error = errorOf(readFixture(name), { allow: numpyScalars() });
    expect(error).toMatchObject({ tag: "refused" });
    expect(error.refused).toMatch(/^(posix|nt|os) system$/);
    expect(error.message).toContain(error.refused);
  });

  test("eval is refused by name", () => {
    expect(errorOf(readFixture("eval.pickle"))).toMatchObject({ tag: "refused", refused: "builtins eval" });
  });

  test("a NumPy array of objects is refused, although NumPy scalars are allowed", () => {
    expect(errorOf(readFixture("object_array.pickle"), { allow: numpyScalars() }).tag).toBe("refused");
  });

  test("a name with a prototype's member is no entry of the allow-list", () => {
    expect(errorOf(pickle("c__proto__\n__proto__\n."), { allow: new Map() }).refused).toBe("__proto__ __proto__");
  });

  test.each([
    ["an extension code", pickle([0x82, 1], ".")],
    ["an out-of-band buffer", pickle([0x97], ".")],
    ["a persistent id without a loader", pickle("Pid\n.")],
  ])("%s is refused", (_, bytes) => {
    expect(errorOf(bytes).tag).toBe("refused");
  });
});

describe("a file that is being written", () => {
  test.each(listFixtures(/^(training|scores|one_step|no_steps|numpy).*pickle$/))(
    "%s cut at any byte is torn",
    (name) => {
      const bytes = readFixture(name);
      for (let length = 0; length < bytes.length; length++) {
        expect(errorOf(bytes.subarray(0, length), { allow: numpyScalars() }).tag, `cut at ${length}`).toBe("torn");
      }
    },
  );

  test("bytes after the end are damage, not a second value", () => {
    expect(errorOf(pickle("N.N.")).tag).toBe("malformed");
  });
});

describe("plain values", () => {
  test.each<[string, Uint8Array, unknown]>([
    ["a text integer", pickle("I-12\n."), -12],
    ["a boolean of protocol 0", pickle("I01\n."), true],
    ["a long of protocol 0", pickle("L123456789012345678901234567890L\n."), 123456789012345678901234567890n],
    ["a float of protocol 0", pickle("F1e-05\n."), 1e-5],
    ["a NaN of protocol 0", pickle("Fnan\n."), Number.NaN],
    ["a Python 2 string", pickle("S'a\\x41\\n\\''\n."), "aA\n'"],
    ["escaped unicode", pickle("V\\u00e9\\U0001f600z\n."), "é😀z"],
    ["a negative long", pickle([0x80, 2, 0x8a, 2, 0x00, 0x80], "."), -32768],
    ["an empty long", pickle([0x8a, 0], "."), 0],
    ["an instance of nothing but None", pickle("N."), null],
    ["text with a byte order mark", pickle([0x8c, 4, 0xef, 0xbb, 0xbf, 0x61], "."), "\ufeffa"],
    ["a duplicated value", pickle("]N2\x86a."), [new PickleTuple([null, null])]],
  ])("%s", (_, bytes, expected) => {
    expect(readPickle(bytes)).toEqual(expected);
  });

  test("a dictionary keeps a key named __proto__ as a key", () => {
    const value = readPickle(pickle("}V__proto__\n}s."));
    expect(value).toEqual(new Map([["__proto__", new Map()]]));
  });
});

describe("limits", () => {
  const repeat = (text: string, count: number) => pickle(text.repeat(count));

  test("many open marks", () => {
    expect(errorOf(repeat("(", 1000)).tag).toBe("limit");
  });

  test("deep nesting that needs no marks", () => {
    expect(errorOf(pickle(")", "\x85".repeat(1000), ".")).tag).toBe("limit");
  });

  test("a list that contains itself", () => {
    expect(errorOf(pickle("]q\x00h\x00a.")).tag).toBe("malformed");
  });

  test("a million dictionaries of one byte each", () => {
    expect(errorOf(repeat("}", 1_000_000), { limits: { memory: 2 ** 20 } }).tag).toBe("limit");
  });

  test("a text said to have four gigabytes is torn before memory is asked for", () => {
    expect(errorOf(pickle("X", [0xff, 0xff, 0xff, 0xff])).tag).toBe("torn");
  });

  test("bytes copied again and again are counted", () => {
    const text = "x".repeat(50_000);
    const bytes = pickle(
      "c_codecs\nencode\nq\x01V",
      text,
      "\nq\x04Vlatin1\nq\x03",
      `h\x01h\x04h\x03\x86R0`.repeat(200),
      ".",
    );
    expect(errorOf(bytes, { allow: numpyScalars(), limits: { memory: 2 ** 22 } }).tag).toBe("limit");
  });

  test("a huge integer", () => {
    expect(errorOf(pickle([0x8b, 0, 0, 1, 0], "\x01".repeat(65_536), ".")).tag).toBe("malformed");
  });

  test("more operations than allowed", () => {
    expect(errorOf(pickle("N0".repeat(100), "N."), { limits: { operations: 50 } }).tag).toBe("limit");
  });
});

describe("a reader of checkpoints", () => {
  class Ordered extends PickleObject {
    readonly entries = new Map<PickleValue, PickleValue>();
    state: PickleValue = null;
    override readonly setItem = (key: PickleValue, value: PickleValue) => {
      this.entries.set(key, value);
    };
    override setState(state: PickleValue): void {
      this.state = state;
    }
    override children(): Iterable<PickleValue> {
      return this.entries.values();
    }
  }
  const allow = new Map<string, PickleBuilder>([["collections OrderedDict", { construct: () => new Ordered() }]]);

  test("brings its own allow-list and resolves persistent ids", () => {
    const bytes = pickle([0x80, 2], "ccollections\nOrderedDict\n)R(U\x01aU\x07storageQu}b.");
    const value = readPickle(bytes, { allow, persistentLoad: (id) => `loaded ${String(id)}` });
    expect(value).toBeInstanceOf(Ordered);
    expect((value as Ordered).entries).toEqual(new Map([["a", "loaded storage"]]));
    expect((value as Ordered).state).toEqual(new Map());
  });

  test("has the nesting of its own objects checked too", () => {
    const deeper = "ccollections\nOrderedDict\n)RN";
    expect(errorOf(pickle(deeper.repeat(200), "N", "s".repeat(200), "."), { allow }).tag).toBe("limit");
  });
});
