import { Check, Copy } from "lucide-react";
import type { Problem } from "#state/app-state.ts";
import { problemsOf, selectedRun } from "#state/selectors.ts";
import { useCommands, useShallowState } from "../app-context.ts";
import { IconButton } from "../parts/icon-button.tsx";
import { useCopy } from "../parts/use-copy.ts";
import { useNow } from "../use-now.ts";
import { toAgo } from "../words.ts";

const weight: Readonly<Record<Problem["severity"], number>> = { error: 0, warning: 1, info: 2 };

export default function ProblemsPanel() {
  const problems = useShallowState((state) => problemsOf(state, selectedRun(state)));
  if (problems.length === 0) {
    return (
      <div className="dv-empty">
        <h3>No problems</h3>
        <p>Everything that was looked for was found, or is known not to be there yet.</p>
      </div>
    );
  }
  return (
    <ul className="dv-section" aria-label="Problems">
      {toGroups(problems).map((group) => (
        <ProblemCard key={group.id} problem={group} others={group.others} />
      ))}
    </ul>
  );
}

type Group = Problem & { readonly others: readonly Problem[] };

/** The gravest and newest first; those with one cause and one remedy, such as a server that does not answer, together. */
function toGroups(problems: readonly Problem[]): readonly Group[] {
  const sorted = problems.toSorted((a, b) => weight[a.severity] - weight[b.severity] || b.at - a.at);
  const byCause = Map.groupBy(sorted, ({ severity, code, hint, setting, id }) =>
    hint === undefined ? id : JSON.stringify([severity, code, hint, setting]),
  );
  return [...byCause.values()].flatMap(([first, ...others]) => (first === undefined ? [] : [{ ...first, others }]));
}

type CardProps = { readonly problem: Problem; readonly others?: readonly Problem[] };

/** What was sought, where, what was found, what to try. */
export function ProblemCard({ problem, others = [] }: CardProps) {
  const now = useNow(10_000);
  const { dismissProblem, retryRun } = useCommands();
  const dismiss = () => {
    for (const each of [problem, ...others]) dismissProblem(each.id);
  };
  const { run, message, subject, hint, setting, severity, at } = problem;
  return (
    <li className="dv-problem" data-severity={severity}>
      <p>{message}</p>
      <p className="dv-dim dv-source">{subject}</p>
      {others.length === 0 ? undefined : <OtherSubjects others={others} />}
      {hint === undefined ? undefined : <p>{hint}</p>}
      {setting === undefined ? undefined : <Setting text={setting} />}
      <div className="dv-row" data-tight>
        <span className="dv-dim dv-grow">{toAgo(at, now)}</span>
        {run === undefined ? undefined : (
          <button type="button" className="dv-button" onClick={() => void retryRun(run)}>
            Try again
          </button>
        )}
        <button type="button" className="dv-button" data-variant="plain" onClick={dismiss}>
          Dismiss
        </button>
      </div>
    </li>
  );
}

function OtherSubjects({ others }: { readonly others: readonly Problem[] }) {
  return (
    <details className="dv-details">
      <summary>and {others.length} more of the kind</summary>
      {others.map(({ id, message }) => (
        <p key={id}>{message}</p>
      ))}
    </details>
  );
}

function Setting({ text }: { readonly text: string }) {
  const { copy, copied } = useCopy();
  return (
    <div className="dv-setting">
      <pre>{text}</pre>
      <IconButton label={copied ? "Copied" : "Copy the server setting"} onClick={() => copy(text)}>
        {copied ? <Check size={14} /> : <Copy size={14} />}
      </IconButton>
    </div>
  );
}
