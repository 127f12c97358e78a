import { useEffect } from "react";
import { useApp } from "../app-context.ts";

/** On a narrow screen the panel is a sheet over the volumes, so that it begins closed. */
export function useClosedWhenNarrow(): void {
  const { commands } = useApp();
  useEffect(() => {
    const query = matchMedia("(max-width: 799px)");
    const close = () => query.matches && commands.setPanel({ open: false });
    close();
    query.addEventListener("change", close);
    return () => query.removeEventListener("change", close);
  }, [commands]);
}
