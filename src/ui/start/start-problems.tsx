import { isFolder } from "#state/folder-address.ts";
import { problemsOf } from "#state/selectors.ts";
import { useShallowState } from "../app-context.ts";
import { ProblemCard } from "../panel/problems-panel.tsx";
import "../panel/panel.css";

/** Why the last address did not open. */
export function StartProblems() {
  const problems = useShallowState((state) => problemsOf(state, undefined).filter(({ subject }) => !isFolder(subject)));
  if (problems.length === 0) return undefined;
  return (
    <ul style={{ display: "grid", gap: 8 }} aria-label="Problems">
      {problems.map((problem) => (
        <ProblemCard key={problem.id} problem={problem} />
      ))}
    </ul>
  );
}
