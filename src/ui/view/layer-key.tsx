import type { LayerKey, VolumeViewer } from "#volumes/volume-viewer.ts";
import { useOfViewer } from "./use-of-viewer.ts";

type NamedKey = readonly [layer: string, key: LayerKey | undefined];

const none: readonly NamedKey[] = [];

const read = (viewer: VolumeViewer): readonly NamedKey[] =>
  viewer.getLayers().map(({ name }) => [name, viewer.getLayerKey(name)]);

/** By layer. */
export function useLayerKeys(): ReadonlyMap<string, LayerKey | undefined> {
  return new Map(useOfViewer(read).value ?? none);
}

/** Keys that are worth a line, by layer: those of more than one colour, each once. */
export function toKeyLines(
  layers: readonly { readonly name: string; readonly visible: boolean }[],
  keys: ReadonlyMap<string, LayerKey | undefined>,
): ReadonlyMap<string, LayerKey> {
  const told = new Set<string>();
  const lines = new Map<string, LayerKey>();
  for (const { name, visible } of layers) {
    const key = visible ? keys.get(name) : undefined;
    const text = JSON.stringify(key);
    if (key === undefined || key.entries.length < 2 || told.has(text)) continue;
    told.add(text);
    lines.set(name, key);
  }
  return lines;
}

/** What the colours of a layer mean, in a line. */
export function KeyLine({ layerKey, computed = false }: { readonly layerKey: LayerKey; readonly computed?: boolean }) {
  const { intro, entries } = layerKey;
  return (
    <p className="dv-key">
      {intro === "" ? undefined : <span>{intro}</span>}
      {entries.map(({ text, color }) => (
        <span key={text} className="dv-key-entry">
          <span className="dv-swatch" style={{ background: color }} />
          {text}
        </span>
      ))}
      {computed ? (
        <span className="dv-key-entry">
          <span className="dv-swatch" data-hatched />
          not computed yet
        </span>
      ) : undefined}
    </p>
  );
}
