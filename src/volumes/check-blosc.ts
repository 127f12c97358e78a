import { VolumeViewerError } from "./volume-viewer-error.ts";

const HEADER_BYTES = 16;

/** Where a blosc frame says how many bytes it has, header included; little-endian. */
const LENGTH_AT = 12;

/**
 * A blosc frame that is shorter than it says is still being written, or torn; neuroglancer's decoder would draw rubbish without a word.
 * @throws VolumeViewerError "draw"
 */
export function checkBlosc(bytes: Uint8Array): void {
  const told =
    bytes.byteLength < HEADER_BYTES
      ? undefined
      : new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(LENGTH_AT, true);
  if (told === bytes.byteLength) return;
  const where = told === undefined ? "too few for any chunk" : `where its header says ${told}`;
  throw new VolumeViewerError(
    "draw",
    `its file has ${bytes.byteLength} bytes, ${where}. It may still be being written; try again later.`,
  );
}
