import type { Engine } from "./engine.ts";
import type { LayerStack } from "./layer-stack.ts";
import { toValueText } from "./value-text.ts";
import { toViewPosition, toViewUnit } from "./view-geometry.ts";
import type { Hover } from "./volume-viewer.ts";

/** Tells the position and the values under the pointer, at most once a frame; `undefined` when it has left. */
export function watchHover(
  { viewer, second }: Engine,
  stack: LayerStack,
  listener: (hover: Hover | undefined) => void,
): () => void {
  const { mouseState, layerSelectedValues } = viewer;
  let frame: number | undefined;

  function toHover(): Hover | undefined {
    if (!mouseState.active) return undefined;
    const { names, scales, units } = mouseState.coordinateSpace;
    const space = { names, scales: [...scales], units };
    const values = [...stack.layers.values()].flatMap(({ request, managed }) => {
      if (!managed.visible || managed.layer === null) return [];
      const under = request.views === "second" ? second.selectedValues : layerSelectedValues;
      const value = toValueText(under.get(managed.layer)?.value);
      return value === "" ? [] : [{ layer: request.name, value }];
    });
    return { position: toViewPosition(mouseState.position, space), unit: toViewUnit(space).unit, values };
  }

  const remove = layerSelectedValues.changed.add(() => {
    frame ??= requestAnimationFrame(() => {
      frame = undefined;
      listener(toHover());
    });
  });
  return () => {
    remove();
    if (frame !== undefined) cancelAnimationFrame(frame);
  };
}
