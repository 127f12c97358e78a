import { expect, it } from "vitest";
import { toAppOptions, toChanges } from "./run-viewer-options.ts";

it("takes one run, several, or those of a base, under the names of the view URL", () => {
  expect(toAppOptions({ run: "a" })).toEqual({ runs: ["a"] });
  expect(toAppOptions({ run: ["a", "b"], theme: "dark" })).toEqual({ runs: ["a", "b"], theme: "dark" });
  expect(toAppOptions({ runs: ["a", "b"] })).toEqual({ runs: ["a", "b"] });
  expect(toAppOptions({ runs: "base", theme: "system" })).toEqual({ runs: [], base: "base" });
});

it("asks for nothing when nothing changed", () => {
  expect(toChanges({ run: "a", iteration: 5 }, { run: ["a"], iteration: 5 })).toEqual([]);
});

it("opens other runs, and chooses in them what the options say", () => {
  expect(toChanges({ run: "a", iteration: 5 }, { run: "b", iteration: 5, theme: "light" })).toEqual([
    { type: "open", runs: ["b"] },
    { type: "select", iteration: 5 },
    { type: "setTheme", theme: "light" },
  ]);
  expect(toChanges({ run: "a" }, {})).toEqual([{ type: "open", runs: [] }]);
});

it("chooses what changed alone, and leaves what is not said any more", () => {
  const before = { run: "a", dataset: "x", iteration: 5 };
  expect(toChanges(before, { run: "a", dataset: "y", iteration: 5 })).toEqual([{ type: "select", dataset: "y" }]);
  expect(toChanges(before, { run: "a" })).toEqual([]);
});
