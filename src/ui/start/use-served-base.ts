import { useEffect } from "react";
import { useAppState, useCommands } from "../app-context.ts";

/** Lists the runs of the first base directory that this page's server was started with, so that no click is needed. */
export function useServedBase(): void {
  const path = useAppState(({ base, served, asked }) =>
    base.status === "idle" && asked === undefined ? served.find(({ kind }) => kind === "base")?.path : undefined,
  );
  const { openBase } = useCommands();
  useEffect(() => {
    if (path !== undefined) void openBase(path);
  }, [path, openBase]);
}
