import { describe, expect, test } from "vitest";
import { checkBlosc } from "./check-blosc.ts";

function frame(told: number, length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  if (length >= 16) new DataView(bytes.buffer).setUint32(12, told, true);
  return bytes;
}

describe("a blosc chunk", () => {
  test("that is as long as it says is whole, also inside a larger buffer", () => {
    expect(() => checkBlosc(frame(40, 40))).not.toThrow();
    const larger = new Uint8Array(60);
    larger.set(frame(40, 40), 7);
    expect(() => checkBlosc(larger.subarray(7, 47))).not.toThrow();
  });

  test("that is torn, empty or longer than it says is told with both lengths", () => {
    expect(() => checkBlosc(frame(4312, 60))).toThrow(/60 bytes, where its header says 4312/);
    expect(() => checkBlosc(frame(0, 0))).toThrow(/too few/);
    expect(() => checkBlosc(frame(20, 40))).toThrow(/20/);
  });
});
