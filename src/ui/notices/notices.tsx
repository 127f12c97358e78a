import { lazy, Suspense } from "react";
import { useAppState } from "../app-context.ts";

const Toasts = lazy(() => import("./toasts.tsx"));

/** Quiet toasts for what waits for no answer; their code is loaded with the first one. */
export function Notices() {
  const any = useAppState((state) => state.notices.some(({ offer }) => offer === undefined));
  if (!any) return undefined;
  return (
    <Suspense>
      <Toasts />
    </Suspense>
  );
}
