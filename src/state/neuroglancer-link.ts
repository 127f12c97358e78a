import type { VolumeViewer } from "#volumes/volume-viewer.ts";
import type { AppState } from "./app-state.ts";

export function toNeuroglancerLink(_state: AppState, _viewer: VolumeViewer): { url: string; omitted: string[] } {
  throw new Error("pending");
}
