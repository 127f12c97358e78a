import { describe, expect, test } from "vitest";
import { parseNpy } from "./npy.ts";

function toFile(descr: string, shape: string, values: ArrayBufferView, fortran = false): Uint8Array {
  const header = `{'descr': '${descr}', 'fortran_order': ${fortran ? "True" : "False"}, 'shape': (${shape}), }\n`;
  const bytes = Uint8Array.from([0x93, ...new TextEncoder().encode("NUMPY"), 1, 0, header.length, 0]);
  const data = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  return Uint8Array.from([...bytes, ...new TextEncoder().encode(header), ...data]);
}

describe("a .npy file", () => {
  test.each([
    ["<f4", Float32Array.of(1.5, -2)],
    ["<f8", Float64Array.of(1.5, -2)],
    ["<i8", BigInt64Array.of(7n, -2n)],
    ["|u1", Uint8Array.of(255, 2)],
    ["<u2", Uint16Array.of(65535, 2)],
  ])("of %s becomes float32", (descr, values) => {
    expect(parseNpy(toFile(descr, "2,", values))).toEqual({ shape: [2], data: Float32Array.from(values, Number) });
  });

  test("in Fortran order is laid out anew, in big-endian order is turned", () => {
    const columns = Uint8Array.of(1, 4, 2, 5, 3, 6);
    expect([...parseNpy(toFile("|u1", "2, 3", columns, true)).data]).toEqual([1, 2, 3, 4, 5, 6]);
    expect([...parseNpy(toFile(">u2", "1,", Uint8Array.of(1, 2))).data]).toEqual([258]);
    expect(parseNpy(toFile("|b1", "", Uint8Array.of(1)))).toEqual({ shape: [], data: Float32Array.of(1) });
  });

  test.each([
    ["torn", toFile("<f4", "2,", Float32Array.of(1))],
    ["torn", toFile("<f4", "99999999999,", Float32Array.of(1))],
    ["malformed", toFile("|O", "1,", Float32Array.of(1))],
    ["malformed", new Uint8Array(200)],
    ["malformed", new Uint8Array(3)],
  ])("that is %s is refused", (tag, bytes) => {
    expect(() => parseNpy(bytes)).toThrow(expect.objectContaining({ tag }));
  });
});
