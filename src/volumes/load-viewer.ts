import type { VolumeViewer, VolumeViewerOptions } from "./volume-viewer.ts";

/** Begins to fetch neuroglancer, which is most of the page's code, for a viewer that will be wanted soon. */
export function preloadViewer(): void {
  import("./viewer.ts").catch(() => undefined); // whoever loads the viewer hears of it then
}

/**
 * Fetches neuroglancer and makes a viewer that fills the element.
 * @throws VolumeViewerError "no-webgl"
 */
export async function loadViewer(element: HTMLElement, options?: VolumeViewerOptions): Promise<VolumeViewer> {
  const { createVolumeViewer } = await import("./viewer.ts");
  return createVolumeViewer(element, options);
}
