import type { VolumeViewer, VolumeViewerOptions } from "./volume-viewer.ts";

/** neuroglancer, which is most of the page's code, and what opens the arrays that it will show. */
async function fetchViewer() {
  const [viewer] = await Promise.all([import("./viewer.ts"), import("#storage/open-array.ts")]);
  return viewer;
}

/** Begins to fetch what a viewer needs that will be wanted soon. */
export function preloadViewer(): void {
  fetchViewer().catch(() => undefined); // whoever loads the viewer hears of it then
}

/**
 * Fetches neuroglancer and makes a viewer that fills the element.
 * @throws VolumeViewerError "no-webgl"
 */
export async function loadViewer(element: HTMLElement, options?: VolumeViewerOptions): Promise<VolumeViewer> {
  const { createVolumeViewer } = await fetchViewer();
  return createVolumeViewer(element, options);
}
