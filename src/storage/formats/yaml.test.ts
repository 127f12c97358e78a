import { existsSync, readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { parseYaml } from "./yaml.ts";
import { isRecord, OpaqueNode, type YamlRecord, type YamlValue } from "./yaml-value.ts";

const fixtures = new URL("./fixtures/", import.meta.url);
const readText = (name: string) => readFileSync(new URL(name, fixtures), "utf8");
const tagged = (tag: string) => expect.objectContaining({ tag });

function toRecord(value: YamlValue): YamlRecord {
  if (!isRecord(value)) throw new Error("not a record");
  return value;
}

// JSON has no NaN, no infinities and no 2^70: the fixture holds the first three as texts.
const odd = new Map<unknown, number>([
  ["nan", Number.NaN],
  ["inf", Number.POSITIVE_INFINITY],
  ["-inf", Number.NEGATIVE_INFINITY],
]);

describe("YAML that PyYAML wrote", () => {
  test("has tuples, shared tuples and PyYAML's own forms of numbers and text", () => {
    const expected = JSON.parse(readText("config.json"), (_, value) => odd.get(value) ?? value);
    const { numbers, nested, ...rest } = toRecord(parseYaml(readText("config.yaml")));
    expect(rest).toEqual({ shape: expected.shape, context: expected.context, y: expected.y, text: expected.text });
    const withBigInteger = expected.numbers.map((value: unknown, index: number) => (index === 7 ? 2n ** 70n : value));
    expect(numbers).toEqual(withBigInteger);
    expect(Object.keys(toRecord(nested ?? null))).toEqual(["__proto__", "constructor"]);
  });

  test("turns Python objects into opaque nodes and reads the rest", () => {
    const value = toRecord(parseYaml(readText("objects.yaml")));
    expect(value.kept).toBe(3);
    expect(value.class).toEqual(new OpaqueNode("!!python/name:builtins.dict", ""));
    expect(value.path).toEqual(new OpaqueNode("!!python/object/apply:pathlib.PurePosixPath", ["a", "b"]));
    expect(value.scalar).toBeInstanceOf(OpaqueNode);
  });

  test("is resolved as PyYAML resolves what people write by hand", () => {
    const text =
      "[yes, Off, 1_000, 0x1F, 0b101, 017, 1:30, 1.5e+3, 1e5, 1.0e5, .5, ~, y, 2020-01-01, '1', !!str 1, !!float 3, !!int '7', 08]";
    expect(parseYaml(text)).toEqual([
      true,
      false,
      1000,
      31,
      5,
      15,
      90,
      1500,
      "1e5",
      "1.0e5",
      0.5,
      null,
      "y",
      "2020-01-01",
      "1",
      "1",
      3,
      7,
      "08",
    ]);
  });

  test("merges mappings where it says so, the mapping's own keys first", () => {
    expect(parseYaml("base: &b {a: 1, b: 2}\nrun: {<<: *b, b: 3}")).toMatchObject({ run: { a: 1, b: 3 } });
  });

  test("keeps keys that are not text", () => {
    expect(Object.keys(toRecord(parseYaml("1: a\n? !!python/tuple [1, 2]\n: b\ntrue: c")))).toEqual([
      "1",
      "[1, 2]",
      "true",
    ]);
  });
});

describe("YAML from anywhere", () => {
  test("has records without a prototype, so no key can reach one", () => {
    const value = toRecord(parseYaml("__proto__: {polluted: 1}\nconstructor: {prototype: {polluted: 1}}"));
    expect(Object.keys(value)).toEqual(["__proto__", "constructor"]);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  test("with aliases of aliases is counted as if written out", () => {
    const levels = Array.from({ length: 12 }, (_, n) => `l${n + 1}: &l${n + 1} [${Array(10).fill(`*l${n}`)}]`);
    expect(() => parseYaml(`l0: &l0 [x]\n${levels.join("\n")}`)).toThrow(tagged("limit"));
  });

  test("shares what an alias repeats", () => {
    const value = toRecord(parseYaml("a: &x [1, 2]\nb: *x"));
    expect(value.a).toBe(value.b);
  });

  test.each([
    ["[".repeat(100_000)],
    ["- ".repeat(50_000)],
    ["{a: ".repeat(1000) + "}".repeat(1000)],
    [`${"[".repeat(100)}${"]".repeat(100)}`],
  ])("nested too deep is refused", (text) => {
    expect(() => parseYaml(text)).toThrow(tagged("limit"));
  });

  test.each([
    "&a [*a]",
    "*nowhere",
    "a: b: c\nd: 1\n",
    "a: 1\n---\nb: 2\n",
    "a: 1\n b: 2\nc: 3\n",
    "<<: 1",
    "%YAML 9\n---\n]\na",
  ])("%j is not read", (text) => {
    expect(() => parseYaml(text)).toThrow(tagged("malformed"));
  });

  test.each(["", "  \n", "a: [1, 2", "a: 'b", 'a: "b\n  c', "a: {b: 1,"])("%j was cut off", (text) => {
    expect(() => parseYaml(text)).toThrow(tagged("torn"));
  });

  test("longer than any config is refused unread", () => {
    expect(() => parseYaml(`a: ${"x".repeat(3 * 2 ** 20)}`)).toThrow(tagged("limit"));
  });

  test("a hundred thousand keys do not take quadratic time", () => {
    const value = toRecord(parseYaml(Array.from({ length: 100_000 }, (_, n) => `k${n}: 1`).join("\n")));
    expect(Object.keys(value)).toHaveLength(100_000);
  });
});

const configs = "../shared/runs/configs";
const realConfigs = existsSync(configs)
  ? readdirSync(configs, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".yaml"))
  : [];
if (realConfigs.length === 0) console.info(`skipped: ${configs} is not here, so no real config is read`);

test.each(realConfigs)("reads the real config %s, which names its type or is a run", (name) => {
  const value = toRecord(parseYaml(readFileSync(`${configs}/${name}`, "utf8")));
  expect(value.name).toBe(name.replace(/^.*\//, "").replace(/\.yaml$/, ""));
  expect(Object.hasOwn(value, "__type__")).toBe(!name.startsWith("runs/"));
});
