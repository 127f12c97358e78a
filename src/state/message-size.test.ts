import { expect, it } from "vitest";
import { isLargerThan } from "./message-size.ts";

const limit = 1 << 20;
const cyclic: Record<string, unknown> = {};
cyclic.self = cyclic;
const deep = Array.from({ length: 5000 }).reduce<unknown>((inner) => [inner], "x");

it.each([
  ["a text", "x".repeat(limit)],
  ["a buffer", { data: new ArrayBuffer(limit + 1) }],
  ["a view", { data: new Float32Array(limit) }],
  ["a blob", { image: new Blob([new Uint8Array(limit + 1)]) }],
  ["many texts", { runs: Array(300).fill("y".repeat(4096)) }],
  ["many numbers", { begin: Array(500_000).fill(1) }],
  ["a key", { ["k".repeat(limit)]: 1 }],
  ["a map", new Map([["a", "x".repeat(limit)]])],
])("is told of %s that is too much", (_, message) => expect(isLargerThan(message, limit)).toBe(true));

it.each([
  ["null", null],
  ["what refers to itself", cyclic],
  ["what is nested deeply", deep],
  ["an ordinary message", { app: "dacapo-run-viewer", v: 1, type: "open", runs: Array(64).fill("z".repeat(1024)) }],
])("lets %s pass", (_, message) => expect(isLargerThan(message, limit)).toBe(false));
