import type { ManagedUserLayer } from "neuroglancer/unstable/layer/index.js";
import { ImageRenderLayer } from "neuroglancer/unstable/sliceview/volume/image_renderlayer.js";

// neuroglancer draws the lowest layer that is shown as if it were opaque, whatever its alpha. Where alpha is the value, as in a
// difference, that would show the smallest as the largest once the raw data is hidden.

const blended = new WeakSet<object>();

/** Its alpha counts also where nothing lies beneath it. */
export function markBlended(layer: ManagedUserLayer): void {
  blended.add(layer);
}

const { setGLBlendMode } = ImageRenderLayer.prototype;

ImageRenderLayer.prototype.setGLBlendMode = function (gl, renderLayerNum) {
  const layer = this.userLayer?.managedLayer;
  setGLBlendMode.call(
    this,
    gl,
    layer !== undefined && blended.has(layer) ? Math.max(1, renderLayerNum) : renderLayerNum,
  );
};
