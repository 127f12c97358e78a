import { useSyncExternalStore } from "react";
import { useAppState } from "./app-context.ts";

const lightQuery = "(prefers-color-scheme: light)";

function subscribe(listener: () => void): () => void {
  const query = matchMedia(lightQuery);
  query.addEventListener("change", listener);
  return () => query.removeEventListener("change", listener);
}

export function useResolvedTheme(): "dark" | "light" {
  const theme = useAppState((state) => state.theme);
  const systemLight = useSyncExternalStore(subscribe, () => matchMedia(lightQuery).matches);
  if (theme !== "system") return theme;
  return systemLight ? "light" : "dark";
}
