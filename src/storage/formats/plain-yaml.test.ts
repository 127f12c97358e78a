import { existsSync, readdirSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parsePlainYaml } from "./plain-yaml.ts";
import { readYaml } from "./read-yaml.ts";
import { parseYaml } from "./yaml.ts";
import type { YamlValue } from "./yaml-value.ts";

/** What the reader of all YAML makes of it: its value, or the tag of its error. */
function whole(text: string): YamlValue | { readonly refused: string } {
  try {
    return parseYaml(text);
  } catch (error) {
    return { refused: (error as { tag: string }).tag };
  }
}

const fragments = fc.constantFrom(
  ...["a:", "b: ", "a: 1", "key: text of words", "null: x", "yes: 2", "c: 'it''s'", 'd: "x"', 'e: "\\n"', "f: [1, 2]"],
  ...["- 1", "-", "- ", "- - 2", "- a: 1", "- !!python/tuple", "g: !!python/tuple", "h: !!int 7", "i: !!float '3'"],
  ...["j: &id001", "k: &id001 !!python/tuple", "l: *id001", "- *id001", "- &id001 5", "m: &id001 x", "- &id001 a: 1"],
  ...["n: []", "o: {}", "- []", "p: !!python/tuple []", "q: .inf", "r: -.5", "s: 1e5", "t: 1_000", "u: 0x1F", "v: ~"],
  ...["# note", "w: a # note", "x: a#b", "y: a:b", "z: a: b", "---", "...", "- ...", "- ---", "aa: |", "bb: >-", "? c"],
  ...[
    "words alone",
    "cc: -",
    "dd: - 1",
    "ee: ? 1",
    "ff: !x y",
    "gg: !!python/object:a.b",
    "<<: *id001",
    "hh:  two",
    "",
  ],
  ...["ii: s3://bucket/x", "jj: f(id=2, context=(32, 32))", "- x:", "kk: x:", "ll: 'x", 'mm: "x', "nn: x ", "oo: <<"],
);

const lines = fc.array(fc.tuple(fc.constantFrom(0, 0, 0, 1, 2, 2, 4), fragments), { minLength: 1, maxLength: 7 });
const texts = lines.map((parts) => parts.map(([column, text]) => `${" ".repeat(column)}${text}\n`).join(""));

describe("YAML of one key or item a line", () => {
  test("is read as the reader of all YAML reads it, or not at all", () => {
    let read = 0;
    const property = fc.property(texts, (text) => {
      const value = parsePlainYaml(text);
      if (value === undefined) return;
      read += 1;
      expect(value).toEqual(whole(text));
    });
    fc.assert(property, { numRuns: 4000 });
    expect(read).toBeGreaterThan(50);
  });

  test.each(["a: 1", "a: 1\n\nb: 2\n", "a:\tb\n", "a: [1]\n", "a: é\n", "", "\n", "a: 1\r\n", "- *x\n"])(
    "%j is left to the other reader",
    (text) => {
      expect(parsePlainYaml(text)).toBeUndefined();
    },
  );

  test("shares what an alias repeats, and leaves repeated repetition to the other reader", async () => {
    const shared = parsePlainYaml("a: &x\n- 1\nb: *x\n") as { a: unknown; b: unknown };
    expect(shared.a).toBe(shared.b);
    const levels = Array.from({ length: 9 }, (_, n) => `l${n + 1}: &l${n + 1}\n${`- *l${n}\n`.repeat(10)}`);
    const bomb = `l0: &l0\n- x\n${levels.join("")}`;
    expect(parsePlainYaml(bomb)).toBeUndefined();
    await expect(readYaml(bomb)).rejects.toMatchObject({ tag: "limit" });
  });

  test("is not followed into any depth", () => {
    expect(parsePlainYaml(`${"- ".repeat(1000)}1\n`)).toBeUndefined();
  });
});

const configs = "../shared/runs/configs";
const realConfigs = existsSync(configs)
  ? readdirSync(configs, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".yaml"))
  : [];
if (realConfigs.length === 0) console.info(`skipped: ${configs} is not here, so no real config is read`);

test.each(realConfigs)("the real config %s is such YAML", (name) => {
  const text = readFileSync(`${configs}/${name}`, "utf8");
  expect(parsePlainYaml(text)).toEqual(parseYaml(text));
});
