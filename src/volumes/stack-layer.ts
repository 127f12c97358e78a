import type { ManagedUserLayer } from "neuroglancer/unstable/layer/index.js";
import type { AutoContrast } from "./auto-contrast.ts";
import type { LayerSpec } from "./layer-spec.ts";
import type { VolumeSource } from "./volume-source.ts";
import type { LayerRequest } from "./volume-viewer.ts";

/** A layer that neuroglancer holds, and where it came from. */
export type StackLayer = {
  readonly request: LayerRequest;
  readonly source: VolumeSource;
  readonly spec: LayerSpec;
  readonly managed: ManagedUserLayer;
  readonly contrast: AutoContrast | undefined;
};
