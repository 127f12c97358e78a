import { toStockUrl } from "#volumes/stock-address.ts";
import type { VolumeViewer } from "#volumes/volume-viewer.ts";

export type NeuroglancerLink = { readonly url: string; readonly omitted: readonly string[] };

/** What a neuroglancer that knows nothing of us can show of the view, and sentences about the rest. */
export function toNeuroglancerLink(viewer: VolumeViewer): NeuroglancerLink {
  const { state, left } = viewer.getStockState();
  return { url: toStockUrl(state), omitted: left.map(({ reason }) => reason) };
}
