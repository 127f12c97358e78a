import type { Engine } from "./engine.ts";

/**
 * Keeps what is drawn now on screen as a picture while the view jumps to data that is not loaded yet.
 * Returns what takes the picture away; clicks and keys pass through it.
 */
export function freezePicture({ viewer }: Engine, container: HTMLElement): () => void {
  const { canvas } = viewer.display;
  const picture = document.createElement("canvas");
  picture.width = canvas.width;
  picture.height = canvas.height;
  picture.className = "volume-viewer-frozen";
  picture.ariaHidden = "true";
  viewer.display.draw(); // a WebGL canvas can be copied only in the task that drew it
  picture.getContext("2d")?.drawImage(canvas, 0, 0);
  container.append(picture);
  return () => picture.remove();
}
