import { existsSync, readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { parseValidationScores } from "./validation-scores-pickle.ts";

const fixtures = new URL("./fixtures/", import.meta.url);
const readFixture = (name: string) => new Uint8Array(readFileSync(new URL(name, fixtures)));
const listFixtures = (pattern: RegExp) => readdirSync(fixtures).filter((name) => pattern.test(name));
const realRuns = "../shared/runs";

// JSON has no NaN and no infinities: the fixtures hold them as texts.
const odd = new Map<unknown, number>([
  ["nan", Number.NaN],
  ["inf", Number.POSITIVE_INFINITY],
  ["-inf", Number.NEGATIVE_INFINITY],
]);
const readExpected = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(name, fixtures), "utf8"), (_, value) => odd.get(value) ?? value);

function listRealFiles(folder: string): string[] {
  if (existsSync(`${realRuns}/${folder}`)) return readdirSync(`${realRuns}/${folder}`);
  console.info(`skipped: ${realRuns}/${folder} is not here, so nothing is compared with the real runs`);
  return [];
}

type Document = { readonly iteration: number; readonly scores: (number | boolean | null)[][][] };

function expected(documents: readonly Document[]) {
  const toNumber = (score: number | boolean | null) => (score === null ? Number.NaN : Number(score));
  return documents.map(({ iteration, scores }) => ({
    iteration,
    scores: scores.map((dataset) => dataset.map((list) => list.map(toNumber))),
  }));
}

function bytesOf(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

const tagged = (tag: unknown) => expect.objectContaining({ tag });

describe("validation scores", () => {
  test.each(listFixtures(/^scores_.*pickle$/))("%s gives NumPy scalars, floats and integers as numbers", (name) => {
    expect(parseValidationScores(readFixture(name))).toEqual(expected(readExpected("scores.json") as Document[]));
  });

  test.each(listFixtures(/^scores_.*protocol[0245].pickle$/))("%s cut at any byte is torn, never empty", (name) => {
    const bytes = readFixture(name);
    for (let length = 0; length < bytes.length; length++) {
      expect(() => parseValidationScores(bytes.slice(0, length)), `cut at ${length}`).toThrow(tagged("torn"));
    }
  });

  test("a few bytes that name one list a billion times are refused before they are copied", () => {
    const thousand = (opcodes: string) => `(${opcodes.repeat(1000)}e`;
    const criteria = `]q\x01${thousand("K\x01")}0`;
    const parameters = `]q\x02${thousand("h\x01")}0`;
    const datasets = `]q\x03${thousand("h\x02")}0`;
    const bytes = bytesOf(`${criteria}${parameters}${datasets}](}(Viteration\nK\x01Vscores\nh\x03ue.`);
    expect(() => parseValidationScores(bytes)).toThrow(tagged("limit"));
  });

  test.each(["]Na.", "N.", "](}(Viteration\nVscores\nVscores\n]ue.", "](}(Viteration\nK\x01Vscores\n](Vtext\neue."])(
    "%j is not what DaCapo writes",
    (text) => {
      expect(() => parseValidationScores(bytesOf(text))).toThrow(tagged("malformed"));
    },
  );

  test.each(listRealFiles("stats/validation_scores"))("%s equals the documents that DaCapo exports", (run) => {
    const documents = JSON.parse(
      readFileSync(`${realRuns}/stats_json/validation_scores/${run}.json`, "utf8"),
    ) as Document[];
    expect(parseValidationScores(new Uint8Array(readFileSync(`${realRuns}/stats/validation_scores/${run}`)))).toEqual(
      expected(documents),
    );
  });
});
