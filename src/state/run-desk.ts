// One run's place in the state: its values, and the problems of each of its pieces, which come and go by themselves.
import type { StoreApi } from "zustand/vanilla";
import { isAbort } from "#storage/errors.ts";
import type { AppState, Problem, RunState } from "./app-state.ts";
import { addProblem, problemId, toProblem, withoutProblems } from "./problems.ts";
import type { RunSource, SourcePiece } from "./run-source.ts";

export type RunPiece = SourcePiece | "disk";

/** What is to be said of a piece that is not there, or not as it should be. */
export type PieceNote = Pick<Problem, "code" | "message" | "severity"> & Partial<Pick<Problem, "hint" | "subject">>;

export type RunDesk = {
  run(): RunState | undefined;
  patch(part: Partial<RunState>): void;
  note(piece: RunPiece, note: PieceNote): void;
  clear(piece: RunPiece): void;
  /** Runs one read. A failure is a problem of that piece alone, and `undefined`; rejects only with an abort. */
  attempt<T>(piece: SourcePiece, signal: AbortSignal, read: () => Promise<T>): Promise<T | undefined>;
  /** A piece could not be had: a problem, and the piece's state unless it was read before. */
  fail(piece: SourcePiece, error: unknown): void;
  /** Whether the server answered the newest read, with whatever. */
  isReachable(): boolean;
};

export function createRunDesk(store: StoreApi<AppState>, source: RunSource, now: () => number): RunDesk {
  const id = source.url;
  let reachable = true;
  const run = () => store.getState().runs[id];

  function patch(part: Partial<RunState>): void {
    const before = run();
    if (before !== undefined) store.setState(({ runs }) => ({ runs: { ...runs, [id]: { ...before, ...part } } }));
  }

  function add(problem: Problem): void {
    store.setState(({ problems }) => ({ problems: addProblem(problems, problem) }));
  }

  function fail(piece: SourcePiece, error: unknown): void {
    const context = { run: id, subject: source.placeOf(piece), sought: `The ${piece} of ${source.name}` };
    const problem = toProblem(error, context, now());
    reachable = problem.code !== "unreachable" && problem.code !== "cors";
    add({ ...problem, id: pieceId(id, piece, problem.code + problem.subject) });
    // what was read before stays
    if (piece !== "volumes" && run()?.[piece].status !== "ready") patch({ [piece]: { status: "failed", problem } });
  }

  return {
    run,
    patch,
    note(piece, { subject = source.placeOf(piece === "disk" ? "volumes" : piece), ...note }) {
      add({ ...note, subject, id: pieceId(id, piece, note.code + note.message), run: id, at: now() });
    },
    clear: (piece) =>
      store.setState(({ problems }) => ({
        problems: withoutProblems(problems, (problem) => problem.id.startsWith(pieceId(id, piece, ""))),
      })),
    async attempt(piece, signal, read) {
      try {
        const value = await read();
        reachable = true;
        return value;
      } catch (error) {
        if (isAbort(error, signal)) throw error;
        fail(piece, error);
        return undefined;
      }
    },
    fail,
    isReachable: () => reachable,
  };
}

function pieceId(run: string, piece: RunPiece, rest: string): string {
  return `${problemId(run, piece, "")} ${rest}`;
}
