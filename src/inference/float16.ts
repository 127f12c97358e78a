/** Bits of the nearest IEEE 754 binary16, ties to even; beyond 65504 infinity. */
export function toFloat16Bits(values: Float32Array): Uint16Array<ArrayBuffer> {
  const source = new Uint32Array(Float32Array.from(values).buffer);
  return Uint16Array.from(source, narrow);
}

function narrow(bits: number): number {
  const sign = (bits >>> 16) & 0x8000;
  const magnitude = bits & 0x7fffffff;
  if (magnitude > 0x7f800000) return sign | 0x7e00;
  if (magnitude >= 0x47800000) return sign | 0x7c00;
  if (magnitude >= 0x38800000) return sign | roundShift(magnitude - 0x38000000, 13);
  const exponent = magnitude >>> 23;
  if (exponent < 102) return sign;
  return sign | roundShift((magnitude & 0x7fffff) | 0x800000, 126 - exponent);
}

/** Divides by 2^shift, to the nearest, ties to even. A carry moves into the exponent, as it should. */
function roundShift(value: number, shift: number): number {
  const half = 2 ** (shift - 1);
  const kept = Math.floor(value / 2 ** shift);
  const rest = value - kept * 2 ** shift;
  return kept + Number(rest > half || (rest === half && kept % 2 === 1));
}
