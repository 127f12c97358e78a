import { X } from "lucide-react";
import { linkProblemsOf } from "#state/selectors.ts";
import { useCommands, useShallowState } from "../app-context.ts";
import { IconButton } from "../parts/icon-button.tsx";
import "./notices.css";

/** What a link had that was not used: said where it is seen, until it is dismissed. */
export function LinkMessages() {
  const problems = useShallowState(linkProblemsOf);
  const { dismissProblem } = useCommands();
  if (problems.length === 0) return undefined;
  return (
    <ul className="dv-link-messages" role="status" aria-label="About the link">
      {problems.map(({ id, message }) => (
        <li key={id} className="dv-toast">
          <span>{message}</span>
          <IconButton label="Dismiss" onClick={() => dismissProblem(id)}>
            <X size={14} />
          </IconButton>
        </li>
      ))}
    </ul>
  );
}
