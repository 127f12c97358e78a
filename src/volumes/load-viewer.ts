import type { VolumeViewer, VolumeViewerOptions } from "./volume-viewer.ts";

/**
 * Fetches neuroglancer, which is most of the page's code, and makes a viewer that fills the element.
 * @throws VolumeViewerError "no-webgl"
 */
export async function loadViewer(element: HTMLElement, options?: VolumeViewerOptions): Promise<VolumeViewer> {
  const { createVolumeViewer } = await import("./viewer.ts");
  return createVolumeViewer(element, options);
}
