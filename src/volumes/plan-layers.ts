import type { LayerRequest } from "./volume-viewer.ts";

export type LayerStep =
  | { readonly step: "keep"; readonly request: LayerRequest }
  | { readonly step: "add"; readonly request: LayerRequest }
  /** The new source is loaded above the old one, unseen, and takes its place when it is whole. */
  | { readonly step: "swap"; readonly request: LayerRequest };

export type LayersPlan = { readonly steps: readonly LayerStep[]; readonly remove: readonly string[] };

/** The same name and key is the same layer; order does not matter. */
export function planLayers(
  shown: readonly Pick<LayerRequest, "name" | "key" | "kind">[],
  requests: readonly LayerRequest[],
): LayersPlan {
  const byName = new Map(shown.map((layer) => [layer.name, layer]));
  const steps = requests.map((request): LayerStep => {
    const known = byName.get(request.name);
    if (known === undefined) return { step: "add", request };
    return { step: known.key === request.key && known.kind === request.kind ? "keep" : "swap", request };
  });
  const wanted = new Set(requests.map((request) => request.name));
  return { steps, remove: shown.map((layer) => layer.name).filter((name) => !wanted.has(name)) };
}
