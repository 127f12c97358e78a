import { toTransformJson } from "./coordinate-space.ts";
import type { Shader } from "./shader-controls.ts";
import { buildShader } from "./shaders.ts";
import type { VolumeSource } from "./volume-source.ts";
import type { LayerRequest } from "./volume-viewer.ts";

/** A neuroglancer layer as JSON, and what is known of its controls. */
export type LayerSpec = {
  readonly json: Readonly<Record<string, unknown>> & { readonly type: "image" | "segmentation"; readonly name: string };
  readonly shader: Shader | undefined;
  /** Equal for layers whose shader controls mean the same; `undefined` where there is no shader. */
  readonly lookId: string | undefined;
  /** Screen pixels; 0 fills. */
  readonly outlineWidth: number;
  readonly opacity: number;
};

const OUTLINE_WIDTH = 1.5;

/** Two seeds, so that gt and segmentation never seem to agree by colour; the same in every session. */
const SEEDS = { gt: 2_654_435_769, other: 0 } as const;

export function isOutlined(request: Pick<LayerRequest, "name">): boolean {
  return request.name === "gt";
}

function toDefaultOpacity({ name, kind }: LayerRequest): number {
  if (kind === "grey" && name === "raw") return 1;
  if (kind === "instances") return isOutlined({ name }) ? 0.9 : 0.4;
  if (kind === "object-errors" || kind === "mask-errors") return 0.7;
  if (kind === "difference" || kind === "agreement") return 1;
  if (kind === "binary" || kind === "class-segmentation") return 0.9;
  return 0.5;
}

/** Names given by the caller, numbers for the rest; `undefined` where the served array has no channel axis. */
export function toChannelNames(
  request: LayerRequest,
  source: Pick<VolumeSource, "space">,
): readonly string[] | undefined {
  const channelAxes = source.space.filter((axis) => axis.channel);
  if (channelAxes.length === 0) return undefined;
  const count = channelAxes[0]?.size ?? 1;
  return Array.from({ length: count }, (_, i) => request.channels?.[i] ?? `channel ${i}`);
}

function toSourceJson(source: VolumeSource) {
  return {
    url: source.url,
    transform: toTransformJson(source.space),
    enableDefaultSubsources: false,
    subsources: { default: true },
  };
}

function toSegmentationSpec(request: LayerRequest, source: VolumeSource): LayerSpec {
  const opacity = toDefaultOpacity(request);
  const outlined = isOutlined(request);
  return {
    json: {
      type: "segmentation",
      name: request.name,
      source: toSourceJson(source),
      visible: request.visible,
      selectedAlpha: opacity,
      notSelectedAlpha: outlined ? 0.25 : 0.1,
      colorSeed: outlined ? SEEDS.gt : SEEDS.other,
    },
    shader: undefined,
    lookId: undefined,
    outlineWidth: outlined ? OUTLINE_WIDTH : 0,
    opacity,
  };
}

export function toLayerSpec(request: LayerRequest, source: VolumeSource): LayerSpec {
  const { kind } = request;
  if (kind === "instances") return toSegmentationSpec(request, source);
  const channels = toChannelNames(request, source);
  const channelRank = source.space.filter((axis) => axis.channel).length;
  const { channelKinds } = request;
  const { dtype } = source.plan.served;
  const named = { kind, dtype, channels, channelRank, outlined: isOutlined(request) };
  const { span } = request;
  const facts = { ...named, ...(channelKinds && { channelKinds }), ...(span === undefined ? {} : { span }) };
  const shader = buildShader(facts, channels === undefined ? request.channels : undefined);
  const opacity = toDefaultOpacity(request);
  return {
    json: {
      type: "image",
      name: request.name,
      source: toSourceJson(source),
      visible: request.visible,
      shader: shader.code,
      opacity,
      blend: "default",
    },
    shader,
    lookId: `${dtype} ${shader.code}`,
    outlineWidth: 0,
    opacity,
  };
}
