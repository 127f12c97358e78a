// Protocol buffers, as far as writing ONNX needs them: fields of varints, floats, bytes and nested messages. Large contents
// are written straight into the result, which is allocated once.

/** Bytes that are made only when they are written. */
export type LazyBytes = { readonly byteLength: number; readonly write: (target: Uint8Array) => void };

export class ProtoMessage {
  readonly #parts: (Uint8Array | LazyBytes)[] = [];
  #byteLength = 0;

  get byteLength(): number {
    return this.#byteLength;
  }

  integer(field: number, value: number): this {
    return this.#add(toVarint(field * 8)).#add(toVarint(value));
  }

  float(field: number, value: number): this {
    const bytes = new Uint8Array(4);
    new DataView(bytes.buffer).setFloat32(0, value, true);
    return this.#add(toVarint(field * 8 + 5)).#add(bytes);
  }

  text(field: number, value: string): this {
    return this.bytes(field, new TextEncoder().encode(value));
  }

  bytes(field: number, value: Uint8Array | LazyBytes): this {
    return this.#add(toVarint(field * 8 + 2))
      .#add(toVarint(value.byteLength))
      .#add(value);
  }

  message(field: number, value: ProtoMessage): this {
    this.#add(toVarint(field * 8 + 2)).#add(toVarint(value.byteLength));
    for (const part of value.#parts) this.#add(part);
    return this;
  }

  encode(): Uint8Array<ArrayBuffer> {
    const bytes = new Uint8Array(this.#byteLength);
    let at = 0;
    for (const part of this.#parts) {
      if (part instanceof Uint8Array) bytes.set(part, at);
      else part.write(bytes.subarray(at, at + part.byteLength));
      at += part.byteLength;
    }
    return bytes;
  }

  #add(part: Uint8Array | LazyBytes): this {
    this.#parts.push(part);
    this.#byteLength += part.byteLength;
    return this;
  }
}

/** Of a whole number; negative ones take the ten bytes of their 64-bit complement. */
function toVarint(value: number): Uint8Array {
  let rest = BigInt.asUintN(64, BigInt(value));
  const bytes: number[] = [];
  do {
    const low = Number(rest & 127n);
    rest >>= 7n;
    bytes.push(rest > 0n ? low | 128 : low);
  } while (rest > 0n);
  return Uint8Array.from(bytes);
}
