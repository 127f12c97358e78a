// Pieces of GLSL that several shaders share. They keep to what neuroglancer offers every shader, so that a link to a neuroglancer
// that is not ours draws the same.

export type ValueFacts = {
  /** As served to neuroglancer. */
  readonly dtype: string;
  /** `undefined`: the array has no channel axis. */
  readonly channels: readonly string[] | undefined;
  /** How many channel axes there are; all but the first are drawn at 0. */
  readonly channelRank?: number;
};

/** Arguments that read channel `c`; none where there is no channel axis. */
function channelArguments({ channels, channelRank = 1 }: ValueFacts): readonly string[] {
  return channels === undefined ? [] : ["c", ...new Array<string>(Math.max(0, channelRank - 1)).fill("0")];
}

/** How one value is read: `VALUE(c)` at this voxel, `VALUE_AT(p, c)` at another of the chunk, `DATA(c)` for neuroglancer's own functions. */
export function valueMacros(facts: ValueFacts): string {
  const channel = channelArguments(facts);
  const here = channel.join(", ");
  const unit = facts.dtype === "|u1" ? "toNormalized" : "toRaw";
  return [
    `#define DATA(c) getDataValue(${here})`,
    `#define VALUE(c) float(toRaw(DATA(c)))`,
    `#define VALUE_AT(p, c) float(toRaw(getDataValueAt(${["p", ...channel].join(", ")})))`,
    `#define UNIT(c) float(${unit}(DATA(c)))`,
    `#define SMOOTH(c) float(${unit}(getInterpolatedDataValue(${here})))`,
  ].join("\n");
}

/**
 * True within `width` screen pixels of a face, in the plane of the screen, behind which the label is another one.
 * Neighbours in the next chunk are out of a shader's reach: a boundary that lies exactly between two chunks has no line there.
 */
export const EDGE = `
bool isEdge(int c, float width) {
  if (width <= 0.0) return false;
  vec3 pixel = fwidth(vChunkPosition);
  vec3 last = uChunkDataSize - 1.0;
  vec3 at = clamp(floor(vChunkPosition), vec3(0.0), last);
  vec3 inside = vChunkPosition - at;
  float here = VALUE(c);
  for (int axis = 0; axis < 3; ++axis) {
    if (pixel[axis] < 1e-6) continue;
    for (int side = -1; side <= 1; side += 2) {
      float away = side < 0 ? inside[axis] : 1.0 - inside[axis];
      if (away > width * pixel[axis]) continue;
      vec3 beside = at;
      beside[axis] = clamp(at[axis] + float(side), 0.0, last[axis]);
      if (VALUE_AT(ivec3(beside), c) != here) return true;
    }
  }
  return false;
}`;

/** Diagonals, which no data looks like. The bits are looked at: compilers may take it that no number differs from itself. */
const HATCH = `
bool isHatched(float value) {
  if ((floatBitsToUint(value) & 0x7fffffffu) <= 0x7f800000u) return false;
  bool line = mod(gl_FragCoord.x + gl_FragCoord.y, 9.0) < 2.0;
  emitRGBA(vec4(0.30, 0.72, 0.91, line ? 1.0 : 0.22));
  return true;
}`;

function mayBeNan(dtype: string): boolean {
  return dtype.slice(1) === "f4";
}

/** `main` with `lines`; where the value of channel `c` is not a number, hatching instead. */
export function mainWith(facts: ValueFacts, lines: readonly string[], c = "0"): readonly string[] {
  const guard = mayBeNan(facts.dtype) ? [`  if (isHatched(VALUE(${c}))) return;`] : [];
  return [...(mayBeNan(facts.dtype) ? [HATCH] : []), "void main() {", ...guard, ...lines, "}"];
}
