import fc from "fast-check";
import { expect, test } from "vitest";
import { parseArguments } from "./arguments.ts";

test("directories and options in any order", () => {
  expect(
    parseArguments([
      "runs",
      "--port",
      "9000",
      "more/vnc_affs",
      "--host=0.0.0.0",
      "--open",
      "--embed-origin",
      "https://a.example",
      "--embed-origin=http://b.example:8080/",
    ]),
  ).toEqual({
    kind: "serve",
    directories: ["runs", "more/vnc_affs"],
    port: 9000,
    host: "0.0.0.0",
    open: true,
    embedOrigins: ["https://a.example", "http://b.example:8080"],
  });
});

test("nothing given: this machine only, the port to be found, no directory", () => {
  expect(parseArguments([])).toEqual({
    kind: "serve",
    directories: [],
    port: undefined,
    host: "localhost",
    open: false,
    embedOrigins: [],
  });
});

test.each([
  [["--port", "eighty"]],
  [["--port", "65536"]],
  [["--port", "-1"]],
  [["--port"]],
  [["--prot", "1"]],
  [["--host", ""]],
  [["--embed-origin", "*"]],
  [["--embed-origin", "https://a.example/path"]],
  [["--embed-origin", "https://*.example"]],
  [["--embed-origin", "a.example"]],
  [["--embed-origin", "https://a; script-src *"]],
])("%j is told in one line that says what to do", (words) => {
  const asked = parseArguments(words);
  expect(asked.kind).toBe("wrong");
  expect(asked).toMatchObject({ message: expect.stringMatching(/^[^\n]+\.$/) });
});

test("any words are read or refused", () => {
  fc.assert(
    fc.property(fc.array(fc.string()), (words) => ["serve", "wrong", "help"].includes(parseArguments(words).kind)),
  );
});
