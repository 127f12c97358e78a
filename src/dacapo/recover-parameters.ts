import { enumerateKind, type PostProcessorKind, postProcessorKind } from "./enumerate-parameters.ts";
import type { EvaluationKind, EvaluationScores } from "./evaluation-scores.ts";
import { type PostProcessorParameters, parseParametersString } from "./post-processor-parameters.ts";
import type { Recovered } from "./recover-criteria.ts";
import { type Release, releases } from "./release.ts";
import type { RunConfig } from "./run-config.ts";
import type { TaskConfig } from "./task.ts";

type Evidence = {
  readonly config?: Pick<RunConfig, "taskConfig">;
  readonly outputNames?: readonly string[];
  readonly release?: Release;
};

type Parameters = readonly PostProcessorParameters[];

/** From the output folders where as many, else from the release that enumerates as many, else numbered. */
export function recoverParameters(evidence: Evidence, scores: EvaluationScores, length: number): Recovered<Parameters> {
  const stored = toSortedParameters(evidence.outputNames ?? []);
  const isWhole = stored.length > 0 && (length === 0 || stored.length === length);
  if (isWhole) return { value: stored, notes: orderNotes(stored) };
  const enumerated = findEnumeration(evidence, scores, length);
  if (enumerated) return { value: enumerated, notes: [] };
  const value = Array.from({ length }, (_, index) => parseParametersString(`parameters ${index}`));
  const note = `Scores are stored for ${length} parameters whose names are not known, since no output folders match them.`;
  return { value, notes: length === 0 ? [] : [note] };
}

function toSortedParameters(names: readonly string[]): Parameters {
  const parsed = names.map((name) => parseParametersString(name)).filter((parameters) => parameters.kind !== "unknown");
  return parsed.toSorted((a, b) => rank(a) - rank(b)).map(withId);
}

function rank(parameters: PostProcessorParameters): number {
  if (parameters.kind === "unknown") return Number.POSITIVE_INFINITY;
  return parameters.kind === "threshold" && parameters.form === "named" ? parameters.threshold : parameters.id;
}

// The folder of a named threshold does not tell its id: it is its place.
function withId(parameters: PostProcessorParameters, index: number): PostProcessorParameters {
  return parameters.kind === "threshold" && parameters.form === "named" ? { ...parameters, id: index } : parameters;
}

function orderNotes(parameters: Parameters): readonly string[] {
  const isNamed = parameters.some((each) => each.kind === "threshold" && each.form === "named");
  if (!isNamed || parameters.length < 2) return [];
  return [
    "The thresholds are taken to be scored in ascending order, since neither their folders nor the scores say so.",
  ];
}

// The release that is known, else the newest whose enumeration has that many.
function findEnumeration(evidence: Evidence, scores: EvaluationScores, length: number): Parameters | undefined {
  const kinds = postProcessorKinds(evidence.config?.taskConfig, scores);
  const candidates = evidence.release ? [evidence.release] : releases.toReversed();
  const lists = candidates.flatMap((release) => kinds.map((kind) => enumerateKind(kind, release)));
  return lists.find((list) => length === 0 || list.length === length);
}

// What the task uses, else what goes with such an evaluation.
function postProcessorKinds(task: TaskConfig | undefined, scores: EvaluationScores): readonly PostProcessorKind[] {
  const fromTask = task && postProcessorKind(task);
  return fromTask ? [fromTask] : KINDS_OF_EVALUATION[scores.kind];
}

const KINDS_OF_EVALUATION: Readonly<Record<EvaluationKind, readonly PostProcessorKind[]>> = {
  binary: ["threshold"],
  "multichannel-binary": ["threshold"],
  instance: ["watershed"],
  "instance-avg-iou": ["watershed"],
  dummy: ["argmax", "dummy"],
  unknown: [],
};
