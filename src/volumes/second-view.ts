import {
  type LayerManager,
  LayerSelectedValues,
  LayerSubsetSpecification,
  type ManagedUserLayer,
} from "neuroglancer/unstable/layer/index.js";
import { LayerGroupViewer } from "neuroglancer/unstable/layer_group_viewer.js";
import type { Viewer } from "neuroglancer/unstable/viewer.js";
import { setDivider } from "./clipped-panels.ts";
import type { SecondViewPlace } from "./volume-viewer.ts";

/**
 * More panels of the same neuroglancer, with layers of their own: one canvas, one camera, one memory. What the panels of both views look at
 * is one state of neuroglancer, so that neither can be elsewhere than the other.
 */
export type SecondView = {
  /** What it draws; layers of the first view among them. */
  readonly layerManager: LayerManager;
  /** Values under the pointer, of layers that are in no other view. */
  readonly selectedValues: LayerSelectedValues;
  /** `undefined` takes its panels away; its layers stay. */
  place(place: SecondViewPlace | undefined): void;
  dispose(): void;
};

/** As neuroglancer's own groups of panels are given it. */
function toGroupState(viewer: Viewer, layerSpecification: LayerSubsetSpecification) {
  const { display, mouseState, showAxisLines, wireFrame, enableAdaptiveDownsampling, showScaleBar } = viewer;
  const { scaleBarOptions, showPerspectiveSliceViews, inputEventBindings, visibility, selectedLayer } = viewer;
  const { visibleLayerRoles, crossSectionBackgroundColor, perspectiveViewBackgroundColor } = viewer;
  return {
    ...{ display, mouseState, showAxisLines, wireFrame, enableAdaptiveDownsampling, showScaleBar },
    ...{ scaleBarOptions, showPerspectiveSliceViews, inputEventBindings, visibility, selectedLayer },
    ...{ visibleLayerRoles, crossSectionBackgroundColor, perspectiveViewBackgroundColor },
    hideCrossSectionBackground3D: viewer.hideCrossSectionBackground3D,
    layerSpecification,
    navigationState: viewer.navigationState.addRef(),
    perspectiveNavigationState: viewer.perspectiveNavigationState.addRef(),
    velocity: viewer.velocity.addRef(),
  };
}

/** Layers that only `manager` has, for whom the values under the pointer are read. */
function onlyIn(manager: LayerManager): LayerManager {
  return {
    layersChanged: manager.layersChanged,
    get managedLayers(): readonly ManagedUserLayer[] {
      return manager.managedLayers.filter(({ containers }) => containers.size === 1);
    },
  } as unknown as LayerManager;
}

/** The same layout in both, whichever was changed. */
function linkLayouts(viewer: Viewer, group: LayerGroupViewer): () => void {
  const differ = () => JSON.stringify(viewer.layout.toJSON()) !== JSON.stringify(group.layout.toJSON());
  const removers = [
    viewer.layout.changed.add(() => differ() && group.layout.restoreState(viewer.layout.toJSON())),
    group.layout.changed.add(() => differ() && viewer.layout.restoreState(group.layout.toJSON())),
  ];
  group.layout.restoreState(viewer.layout.toJSON());
  return () => {
    for (const remove of removers) remove();
  };
}

type Panels = { readonly element: HTMLElement; dispose(): void };

function createPanels(viewer: Viewer, layers: LayerSubsetSpecification): Panels {
  const element = document.createElement("div");
  element.className = "volume-viewer-second";
  const first = viewer.layout.element;
  first.after(element);
  const around = first.parentElement;
  around?.classList.add("volume-viewer-both");
  if (around) around.style.flexDirection = "var(--both, column)"; // neuroglancer's own is said there too
  const options = { showLayerPanel: viewer.uiControlVisibility.showLayerPanel, showViewerMenu: false };
  const group = new LayerGroupViewer(element, toGroupState(viewer, layers), options);
  const unlink = linkLayouts(viewer, group);
  return {
    element,
    dispose() {
      unlink();
      group.dispose();
      element.remove();
      around?.classList.remove("volume-viewer-both");
      if (around) around.style.flexDirection = "column";
    },
  };
}

export function createSecondView(viewer: Viewer, box: HTMLElement): SecondView {
  const specification = new LayerSubsetSpecification(viewer.layerSpecification.addRef());
  const { layerManager } = specification;
  // biome-ignore lint/correctness/useHookAtTopLevel: neuroglancer's, and no hook of React's
  const stopUse = layerManager.useDirectly(); // a layer that is in no other view is kept
  const selectedValues = new LayerSelectedValues(onlyIn(layerManager), viewer.mouseState);
  let panels: Panels | undefined;

  function place(next: SecondViewPlace | undefined): void {
    if (next === undefined) {
      panels?.dispose();
      panels = undefined;
      delete box.dataset.second;
      setDivider(viewer.display, undefined);
    } else {
      panels ??= createPanels(viewer, specification.addRef());
      box.dataset.second = next.where;
      const over = next.where === "over";
      panels.element.style.clipPath = over ? `inset(0 0 0 ${100 * next.split}%)` : "";
      setDivider(viewer.display, over ? { right: panels.element, at: next.split } : undefined);
    }
    viewer.display.resizeCallback();
  }

  return {
    layerManager,
    selectedValues,
    place,
    dispose() {
      place(undefined);
      selectedValues.dispose();
      stopUse();
      specification.dispose();
    },
  };
}
