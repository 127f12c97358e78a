import { type Criterion, criterionOf, type EvaluationScores, splitCriterionName } from "#dacapo/evaluation-scores.ts";
import { useCommands } from "../app-context.ts";
import { ChoiceField } from "../parts/choice-field.tsx";
import { toArrow } from "../words.ts";

type Props = { readonly scores: EvaluationScores; readonly criterion: string };

/** Criteria with their direction; those of a channel together. */
export function CriterionChoice({ scores, criterion }: Props) {
  const { select } = useCommands();
  const up = criterionOf(scores, criterion)?.higherIsBetter;
  const groups = toGroups(scores);
  const says = up === undefined ? "" : up ? "higher is better" : "lower is better";
  return (
    <ChoiceField
      label="criterion"
      name={`Criterion, ${says}`}
      title={says}
      value={criterion}
      onChange={(value) => select({ criterion: value })}
    >
      {groups.map(({ channel, criteria }) => (
        <optgroup key={channel ?? ""} label={channel ?? "criteria"}>
          {criteria.map((each) => (
            <option key={each.name} value={each.name}>
              {groups.length > 1 ? each.name : splitCriterionName(each.name).base} {toArrow(each.higherIsBetter)}
            </option>
          ))}
        </optgroup>
      ))}
    </ChoiceField>
  );
}

type Group = { readonly channel: string | undefined; readonly criteria: readonly Criterion[] };

function toGroups({ criteria }: EvaluationScores): readonly Group[] {
  const channelOf = ({ name }: Criterion) => splitCriterionName(name).channel;
  const channels = [...new Set(criteria.map(channelOf))];
  return channels.map((channel) => ({ channel, criteria: criteria.filter((each) => channelOf(each) === channel) }));
}
