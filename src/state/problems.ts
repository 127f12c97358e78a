// Turns whatever was thrown into something a person can act on; nothing here says "something went wrong".
import { StorageError } from "#storage/errors.ts";
import { FormatError, type FormatErrorTag } from "#storage/formats/format-error.ts";
import type { Problem, RunId } from "./app-state.ts";

type Context = {
  readonly run?: RunId;
  readonly subject: string;
  readonly sought: string;
  readonly severity?: Problem["severity"];
};

/** `sought` completes "… could not be read:" for errors that do not say it themselves. */
export function toProblem(error: unknown, context: Context, at: number): Problem {
  const severity = context.severity ?? "error";
  const common = { at, severity, ...(context.run === undefined ? {} : { run: context.run }) };
  if (error instanceof StorageError) {
    const { tag: code, subject, hint, setting } = error;
    const message = error.message.endsWith(hint) ? error.message.slice(0, -hint.length).trim() : error.message;
    const id = problemId(context.run, code, subject);
    return { ...common, id, code, subject, message, hint, ...(setting === undefined ? {} : { setting }) };
  }
  const code = hasTag(error) ? error.tag : "unexpected";
  const text = error instanceof Error ? error.message : String(error);
  const message = hasTag(error) ? text : `${context.sought} could not be read: ${text}`;
  const hint = error instanceof FormatError ? { hint: formatHints[error.tag] } : {};
  return {
    ...common,
    ...hint,
    id: problemId(context.run, code, context.subject),
    code,
    subject: context.subject,
    message,
  };
}

const formatHints: Readonly<Record<FormatErrorTag, string>> = {
  torn: "Copy it again if the training is over; until then it is looked at again by itself.",
  refused: "Nothing of it was run. Check that it is the file that DaCapo wrote.",
  malformed: "Check that it is the file that DaCapo wrote, and that it was copied whole.",
  limit: "Check that it is the file that DaCapo wrote.",
};

export function hasTag(error: unknown): error is { readonly tag: string; readonly message: string } {
  return error instanceof Error && "tag" in error && typeof error.tag === "string";
}

/** The same trouble with the same thing is one problem, however often it is met. */
export function problemId(run: RunId | undefined, code: string, subject: string): string {
  return JSON.stringify([run ?? "", code, subject]);
}

export function addProblem(problems: readonly Problem[], problem: Problem): readonly Problem[] {
  const known = problems.find(({ id }) => id === problem.id);
  if (known?.message === problem.message) return problems;
  return [...problems.filter(({ id }) => id !== problem.id), problem];
}

export function withoutProblems(problems: readonly Problem[], gone: (problem: Problem) => boolean): readonly Problem[] {
  const left = problems.filter((problem) => !gone(problem));
  return left.length === problems.length ? problems : left;
}
