import { CircleQuestionMark, PanelRight } from "lucide-react";
import { useAppState, useCommands, useRun } from "../app-context.ts";
import { openShortcutsSheet } from "../keys/shortcuts-sheet.tsx";
import { toKindName } from "../words.ts";
import { FollowMenu } from "./follow-menu.tsx";
import { PhaseChip } from "./phase-chip.tsx";
import { RunMenu } from "./run-menu.tsx";
import { ShareMenu } from "./share-menu.tsx";
import { ThemeMenu } from "./theme-menu.tsx";
import "./header.css";

export function AppHeader() {
  const run = useRun();
  const task = run?.config.status === "ready" ? run.config.value.taskConfig : undefined;
  return (
    <header className="dv-header">
      <RunMenu />
      <div className="dv-header-facts">
        {task === undefined ? undefined : (
          <span className="dv-chip" title="Task">
            {toKindName("typeName" in task ? task.typeName : task.type)}
          </span>
        )}
        <PhaseChip />
      </div>
      <div className="dv-header-actions">
        <FollowMenu />
        <span className="dv-rule-left" />
        <ShareMenu />
        <ThemeMenu />
        <HelpButton />
        <PanelButton />
      </div>
    </header>
  );
}

function HelpButton() {
  return (
    <button
      type="button"
      className="dv-button"
      data-variant="plain"
      data-icon
      aria-label="Keys and help"
      title="Keys and help (?)"
      onClick={(event) => openShortcutsSheet(event.currentTarget)}
    >
      <CircleQuestionMark size={16} />
    </button>
  );
}

function PanelButton() {
  const open = useAppState((state) => state.panel.open);
  const { setPanel } = useCommands();
  return (
    <button
      type="button"
      className="dv-button"
      data-variant="plain"
      data-icon
      aria-pressed={open}
      aria-label="Side panel"
      title={open ? "Close the side panel (c)" : "Open the side panel (c)"}
      onClick={() => setPanel({ open: !open })}
    >
      <PanelRight size={16} />
    </button>
  );
}
