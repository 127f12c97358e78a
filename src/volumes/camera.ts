import { type Box, type CoordinateSpace, toBox, toDisplayDimensions, toGlobalDimensions } from "./coordinate-space.ts";
import type { Engine } from "./engine.ts";
import {
  type GlobalSpace,
  toCenter,
  toFittingScale,
  toPanelSize,
  toProjectionScale,
  toUnion,
  toViewPosition,
  toViewUnit,
  toVisibleBox,
  toVoxels,
} from "./view-geometry.ts";
import type { ParsedView } from "./view-state.ts";
import { type Layout, layouts, type View } from "./volume-viewer.ts";

export type Camera = {
  /** False until the first arrays said which axes there are: a view given before waits until then. */
  hasSpace(): boolean;
  setSpace(spaces: readonly CoordinateSpace[]): void;
  getView(): View;
  setView(view: Partial<View>): void;
  /** What the cross sections show; as the view's position. */
  getVisibleBox(): { readonly begin: readonly number[]; readonly end: readonly number[] };
  /** The layout alone, which needs no axes: panels that are not wanted are never made. */
  layOut(view: ParsedView): void;
  /** Metres by axis name and metres per pixel. */
  apply(view: ParsedView): void;
  frame(spaces: readonly CoordinateSpace[]): void;
  getScales(): ReadonlyMap<string, number>;
};

/** A look from above and the side, as a quaternion x, y, z, w. */
const OBLIQUE = [0.31, -0.21, -0.07, 0.925];

type PanelElement = { readonly element: HTMLElement; readonly sliceView?: unknown };

function isLayout(value: unknown): value is Layout {
  return typeof value === "string" && (layouts as readonly string[]).includes(value);
}

export function createCamera({ viewer }: Engine): Camera {
  let deepLayout: Layout | undefined;

  function space(): GlobalSpace {
    const { names, scales, units } = viewer.coordinateSpace.value;
    return { names, scales: [...scales], units };
  }

  /** Metres of the voxel that neuroglancer counts zoom in: the finest of the display axes. */
  function canonical(): number {
    const { names, scales } = space();
    const shown = ["x", "y", "z"].flatMap((name) => scales[names.indexOf(name)] ?? []);
    return shown.length === 0 ? 1 : Math.min(...shown);
  }

  function getLayout(): Layout {
    const json: unknown = viewer.layout.toJSON();
    const type = typeof json === "object" && json !== null && "type" in json ? json.type : json;
    return isLayout(type) ? type : "4panel";
  }

  /** Flat data has one cross section; the layout it took the place of comes back with the next volume. */
  function fitLayout(deep: boolean): void {
    if (!deep && getLayout() !== "xy") {
      deepLayout = getLayout();
      viewer.layout.restoreState("xy");
    } else if (deep && deepLayout !== undefined) {
      viewer.layout.restoreState(deepLayout);
      deepLayout = undefined;
    }
  }

  function setPosition(world: ReadonlyMap<string, number>): void {
    // restored rather than set: neuroglancer drops what is set before a source has bound the axes
    viewer.position.restoreState([...toVoxels(world, viewer.position.value, space())]);
  }

  /** Of a cross section; neuroglancer lays them out later than the first arrays may come. */
  function panelSize(): ReturnType<typeof toPanelSize> {
    const panels = [...(viewer.display.panels as ReadonlySet<unknown> as ReadonlySet<PanelElement>)];
    const element = panels.find((panel) => panel.sliceView !== undefined)?.element;
    if (element !== undefined) return { width: element.clientWidth, height: element.clientHeight };
    return toPanelSize(getLayout(), { width: viewer.element.clientWidth, height: viewer.element.clientHeight });
  }

  function setScale(metres: number): void {
    viewer.crossSectionScale.restoreState(metres / canonical());
  }

  function setProjectionScale(metres: number): void {
    viewer.projectionScale.restoreState(metres / canonical());
  }

  return {
    hasSpace: () => viewer.coordinateSpace.value.rank > 0,
    getScales: () => new Map(space().names.map((name, i) => [name, space().scales[i] ?? 1])),
    setSpace(spaces) {
      const dimensions = toGlobalDimensions(spaces);
      if (JSON.stringify(viewer.coordinateSpace.toJSON()) === JSON.stringify(dimensions)) return;
      const before = this.hasSpace() ? this.getView() : undefined;
      viewer.state.restoreState({ dimensions, displayDimensions: toDisplayDimensions(dimensions) });
      if (before !== undefined) this.setView(before);
    },
    getView() {
      const { unit, factor } = toViewUnit(space());
      return {
        position: toViewPosition(viewer.position.value, space()),
        scale: Number(((viewer.crossSectionScale.value * canonical()) / factor || 0).toPrecision(6)),
        layout: getLayout(),
        unit,
      };
    },
    getVisibleBox() {
      return toVisibleBox(this.getView(), panelSize());
    },
    setView({ position, scale, layout }) {
      const { factor } = toViewUnit(space());
      if (isLayout(layout) && layout !== getLayout()) viewer.layout.restoreState(layout);
      if (scale !== undefined && Number.isFinite(scale) && scale > 0) setScale(scale * factor);
      if (position?.every(Number.isFinite)) {
        setPosition(new Map((["z", "y", "x"] as const).map((name, i) => [name, (position[i] ?? 0) * factor])));
      }
    },
    layOut({ layout }) {
      const isNew = layout !== undefined && JSON.stringify(layout) !== JSON.stringify(viewer.layout.toJSON());
      if (isNew) viewer.layout.restoreState(layout); // the same one would make its panels, with their shaders, anew
    },
    apply(view) {
      this.layOut(view);
      if (view.position !== undefined) setPosition(view.position);
      if (view.crossSectionScale !== undefined) setScale(view.crossSectionScale);
      if (view.projectionScale !== undefined) setProjectionScale(view.projectionScale);
      if (view.crossSectionOrientation) viewer.crossSectionOrientation.restoreState(view.crossSectionOrientation);
      if (view.projectionOrientation) viewer.projectionOrientation.restoreState(view.projectionOrientation);
      for (const [name, on] of view.switches) viewer.state.restoreState({ [name]: on });
    },
    frame(spaces) {
      const box: Box = toUnion(spaces.map(toBox));
      fitLayout(box.has("z"));
      setPosition(toCenter(box));
      const scale = toFittingScale(box, getLayout(), panelSize());
      if (scale !== undefined) setScale(scale);
      const projection = toProjectionScale(box);
      if (projection !== undefined) setProjectionScale(projection);
      viewer.crossSectionOrientation.reset();
      viewer.projectionOrientation.restoreState(OBLIQUE);
    },
  };
}
