import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { roomOverrides } from "./rooms.ts";

test("the linter knows the room table as scripts/rooms.ts has it", () => {
  const config = JSON.parse(readFileSync(new URL("../biome.json", import.meta.url), "utf8")) as { overrides: unknown };
  expect(config.overrides).toEqual(roomOverrides);
});
