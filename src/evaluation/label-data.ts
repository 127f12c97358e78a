/**
 * The room of outputs and scores: predictions in, label volumes out, and from those numbers. It owns DaCapo's post-processing
 * (threshold, argmax, mutex watershed) and metrics (variation of information, overlap counts and the scores made of them), the
 * placing of two volumes on one grid, and the search for the order of datasets.
 * It knows no URL, no store and no page: volumes are typed arrays, so that all of it runs in a page, a worker or Node.
 */

/** Voxel values in C order, as a store decodes them; bool arrays come as 0 and 1. */
export type LabelData =
  | Uint8Array
  | Int8Array
  | Uint16Array
  | Int16Array
  | Uint32Array
  | Int32Array
  | BigUint64Array
  | BigInt64Array
  | Float32Array
  | Float64Array;

export const isBigLabels = (data: LabelData): data is BigUint64Array | BigInt64Array =>
  data instanceof BigUint64Array || data instanceof BigInt64Array;

/** An uninitialised (zero) array of the same element type. */
export function createLabels(like: LabelData, length: number): LabelData {
  return new (like.constructor as new (length: number) => LabelData)(length);
}

/** The volume as uint8 with NumPy's wrapping cast, the form in which DaCapo's binary evaluator sees both volumes. */
export function toUint8Labels(data: LabelData): Uint8Array {
  if (data instanceof Uint8Array) return data;
  if (isBigLabels(data)) return lowBytes(data);
  return Uint8Array.from(data);
}

function lowBytes(data: BigUint64Array | BigInt64Array): Uint8Array {
  const words = new Uint32Array(data.buffer, data.byteOffset, 2 * data.length);
  const bytes = new Uint8Array(data.length);
  for (let voxel = 0; voxel < bytes.length; voxel += 1) bytes[voxel] = words[2 * voxel] ?? 0;
  return bytes;
}
