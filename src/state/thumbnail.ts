const width = 240;
const height = 150;

/** A small JPEG of the middle of a picture, or of its first quarter, as a data URL of some kilobytes. */
export async function toThumbnail(picture: Blob, quarter: boolean): Promise<string> {
  const bitmap = await createImageBitmap(picture);
  const canvas = new OffscreenCanvas(width, height);
  const part = quarter ? 0.5 : 1;
  const [partWidth, partHeight] = [bitmap.width * part, bitmap.height * part];
  const zoom = Math.min(partWidth / width, partHeight / height);
  const [w, h] = [width * zoom, height * zoom];
  canvas.getContext("2d")?.drawImage(bitmap, (partWidth - w) / 2, (partHeight - h) / 2, w, h, 0, 0, width, height);
  bitmap.close();
  return toDataUrl(await canvas.convertToBlob({ type: "image/jpeg", quality: 0.7 }));
}

async function toDataUrl(blob: Blob): Promise<string> {
  const bytes = new Uint8Array(await blob.arrayBuffer());
  return `data:${blob.type};base64,${btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""))}`;
}
