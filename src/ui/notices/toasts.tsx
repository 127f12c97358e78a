import { useEffect, useId, useRef } from "react";
import { Toaster, toast } from "sonner";
import type { Notice } from "#state/app-state.ts";
import { useAppState, useCommands } from "../app-context.ts";
import { useResolvedTheme } from "../use-theme.ts";
import "./notices.css";

const shownForMs = 6000;

export default function Toasts() {
  const toasterId = useId();
  const theme = useResolvedTheme();
  const notices = useAppState((state) => state.notices);
  const { dismissNotice } = useCommands();
  const told = useRef(new Set<string>());
  useEffect(() => {
    for (const notice of notices) {
      if (notice.offer !== undefined || told.current.has(notice.id)) continue;
      told.current.add(notice.id);
      const onGone = () => dismissNotice(notice.id);
      toast.custom(() => <Toast notice={notice} />, {
        toasterId,
        duration: shownForMs,
        onDismiss: onGone,
        onAutoClose: onGone,
      });
    }
  }, [notices, toasterId, dismissNotice]);
  return <Toaster id={toasterId} theme={theme} position="bottom-left" offset={{ bottom: 132, left: 16 }} />;
}

const signs: Readonly<Record<Notice["kind"], string>> = {
  validation: "●",
  best: "★",
  rewind: "↺",
  finished: "■",
  stale: "○",
  info: "●",
  error: "▲",
};

function Toast({ notice }: { readonly notice: Notice }) {
  return (
    <div className="dv-toast">
      <span className={notice.kind === "best" ? "dv-star" : "dv-dim"} aria-hidden="true">
        {signs[notice.kind]}
      </span>
      {notice.text}
    </div>
  );
}
