import { RefreshCw } from "lucide-react";
import { useAppState, useCommands, useRun, useShown } from "../app-context.ts";
import { ChoiceField } from "../parts/choice-field.tsx";
import { MenuItem } from "../parts/menu-item.tsx";
import { useNow } from "../use-now.ts";
import { toAgo, toCount, toIn } from "../words.ts";

const intervalsMs = [2000, 5000, 10_000, 30_000, 60_000, 300_000];

/** What the volumes follow, and how often is looked. */
export default function FollowChoices() {
  return (
    <>
      <IterationChoice />
      <hr className="dv-menu-rule" />
      <CheckState />
      <IntervalChoice />
    </>
  );
}

function IterationChoice() {
  const chosen = useAppState((state) => state.selection.iteration) ?? "best";
  const { iteration } = useShown();
  const { select } = useCommands();
  const choices = [
    { value: "latest" as const, text: "latest: each new validation is shown" },
    { value: "best" as const, text: "best: each new best is shown" },
  ];
  return (
    <fieldset className="dv-follow">
      <legend>When new results arrive</legend>
      {choices.map(({ value, text }) => (
        <label key={value} className="dv-check">
          <input type="radio" checked={chosen === value} onChange={() => select({ iteration: value })} />
          {text}
        </label>
      ))}
      <label className="dv-check">
        <input
          type="radio"
          checked={typeof chosen === "number"}
          disabled={iteration === undefined}
          onChange={() => select(iteration === undefined ? {} : { iteration })}
        />
        stay at {iteration === undefined ? "this iteration" : toCount(iteration)}, and tell me
      </label>
    </fieldset>
  );
}

function CheckState() {
  const now = useNow(1000);
  const freshness = useRun()?.freshness;
  const { enabled, hidden, checking } = useAppState((state) => state.follow);
  const { checkNow } = useCommands();
  const checked = freshness?.checkedAt === undefined ? "Not checked yet" : `Checked ${toAgo(freshness.checkedAt, now)}`;
  const next = freshness?.nextCheckAt === undefined ? "" : `, again ${toIn(freshness.nextCheckAt, now)}`;
  return (
    <>
      <p className="dv-menu-note">
        {checked}
        {enabled && !hidden ? next : ", paused"}
        {(freshness?.failures ?? 0) > 0 ? `; the last ${freshness?.failures} checks failed` : ""}
      </p>
      <MenuItem icon={<RefreshCw size={14} />} disabled={checking} onClick={() => void checkNow()}>
        {checking ? "Checking …" : "Check now"}
      </MenuItem>
    </>
  );
}

function IntervalChoice() {
  const intervalMs = useAppState((state) => state.follow.intervalMs);
  const { setFollow } = useCommands();
  const offered = [...new Set([...intervalsMs, intervalMs])].sort((a, b) => a - b);
  return (
    <div className="dv-menu-note">
      <ChoiceField
        label="Check every"
        value={intervalMs}
        onChange={(value) => setFollow({ intervalMs: Number(value) })}
      >
        {offered.map((ms) => (
          <option key={ms} value={ms}>
            {ms < 60_000 ? `${ms / 1000} s` : `${ms / 60_000} min`}
          </option>
        ))}
      </ChoiceField>
    </div>
  );
}
