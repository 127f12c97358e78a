// Whether anybody looks at where two segmentations agree, and how far their objects are matched. Told by the state.
import type { StoreApi } from "zustand/vanilla";
import type { AppState } from "./app-state.ts";
import { comparedOf } from "./comparison.ts";
import type { LayerPlan } from "./layer-plan.ts";
import type { MatchContext, MatchWish } from "./matching.ts";

type Compared = readonly [LayerPlan, LayerPlan];

export function createMatchContext(store: StoreApi<AppState>, pair: Compared): MatchContext {
  return {
    wish: () => toWish(store.getState(), pair),
    onChange: (listener) => store.subscribe(listener),
    tell: (matching) => store.setState({ matching }),
  };
}

function toWish(state: AppState, [a, b]: Compared): MatchWish {
  const isOf = ({ of }: LayerPlan) => of !== undefined && isSame(of[0], a) && isSame(of[1], b);
  if (!comparedOf(state)?.layers.some(isOf)) return "gone";
  return state.layers.find(({ name }) => name === "agreement")?.visible === false ? "hidden" : "seen";
}

const isSame = (one: LayerPlan, other: LayerPlan): boolean => one.run === other.run && one.path === other.path;
