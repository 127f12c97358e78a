import { crc32, deflateRawSync } from "node:zlib";

/** A zip as archivers write it: every other file is deflated. */
export function toZip(files: Readonly<Record<string, Uint8Array>>): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const [i, [name, bytes]] of Object.entries(files).entries()) {
    const packed = i % 2 === 0 ? Buffer.from(bytes) : deflateRawSync(bytes);
    const head = header({ name, bytes, packed, method: i % 2 === 0 ? 0 : 8 });
    const local = Buffer.concat([signature(0x04034b50), head, Buffer.from(name), packed]);
    const place = Buffer.alloc(14);
    place.writeUInt32LE(offset, 10);
    const version = Buffer.from([20, 0]);
    directory.push(Buffer.concat([signature(0x02014b50), version, head, place, Buffer.from(name)]));
    parts.push(local);
    offset += local.length;
  }
  return Buffer.concat([...parts, ...directory, endRecord(directory, offset)]);
}

type Entry = { readonly name: string; readonly bytes: Uint8Array; readonly packed: Buffer; readonly method: number };

function signature(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

/** What a local header and the directory have in common: from the version needed to the length of extras. */
function header({ name, bytes, packed, method }: Entry): Buffer {
  const head = Buffer.alloc(26);
  head.writeUInt16LE(20, 0);
  head.writeUInt16LE(method, 4);
  head.writeUInt32LE(crc32(bytes), 10);
  head.writeUInt32LE(packed.length, 14);
  head.writeUInt32LE(bytes.length, 18);
  head.writeUInt16LE(Buffer.byteLength(name), 22);
  return head;
}

function endRecord(directory: readonly Buffer[], offset: number): Buffer {
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(directory.length, 8);
  end.writeUInt16LE(directory.length, 10);
  end.writeUInt32LE(Buffer.concat(directory).length, 12);
  end.writeUInt32LE(offset, 16);
  return end;
}
