import type { ManagedUserLayer } from "neuroglancer/unstable/layer/index.js";
import { SegmentationRenderLayer } from "neuroglancer/unstable/sliceview/volume/segmentation_renderlayer.js";

// neuroglancer fills segments. Ground truth has to lie over a segmentation and leave it visible: this adds an outline to the same
// shader, so that ids, colours, selection and hovering stay those of a segmentation layer.

/** Screen pixels; a layer that is not here is filled. */
const widths = new WeakMap<object, number>();

export function setOutlineWidth(layer: ManagedUserLayer, width: number): void {
  widths.set(layer, width);
}

export function getOutlineWidth(layer: ManagedUserLayer): number {
  return widths.get(layer) ?? 0;
}

/** True within the width of a face, in the plane of the screen, behind which another segment lies in the same chunk. */
const IS_OUTLINE = `
bool isOutline() {
  vec3 pixel = fwidth(vChunkPosition);
  vec3 last = uChunkDataSize - 1.0;
  vec3 at = clamp(floor(vChunkPosition), vec3(0.0), last);
  vec3 inside = vChunkPosition - at;
  uvec2 here = getMappedObjectId(toUint64(getDataValueAt(ivec3(at)))).value;
  for (int axis = 0; axis < 3; ++axis) {
    if (pixel[axis] < 1e-6) continue;
    for (int side = -1; side <= 1; side += 2) {
      float away = side < 0 ? inside[axis] : 1.0 - inside[axis];
      if (away > uOutlineWidth * pixel[axis]) continue;
      vec3 beside = at;
      beside[axis] = clamp(at[axis] + float(side), 0.0, last[axis]);
      if (getMappedObjectId(toUint64(getDataValueAt(ivec3(beside)))).value != here) return true;
    }
  }
  return false;
}
`;

const { defineShader, initializeShader } = SegmentationRenderLayer.prototype;

SegmentationRenderLayer.prototype.defineShader = function (builder, parameters) {
  defineShader.call(this, builder, parameters);
  const source = builder as unknown as { fragmentMain: string };
  builder.addUniform("highp float", "uOutlineWidth");
  builder.addFragmentCode(IS_OUTLINE);
  builder.setFragmentMainFunction(`${source.fragmentMain.replace("void main()", "void drawSegment()")}
void main() {
  if (uOutlineWidth > 0.0 && !isOutline()) { emit(vec4(0.0)); return; }
  drawSegment();
}
`);
};

SegmentationRenderLayer.prototype.initializeShader = function (sliceView, shader, parameters) {
  initializeShader.call(this, sliceView, shader, parameters);
  const layer = this.userLayer?.managedLayer;
  this.gl.uniform1f(shader.uniform("uOutlineWidth"), layer === undefined ? 0 : getOutlineWidth(layer));
};
