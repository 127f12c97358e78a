import { spawn } from "node:child_process";
import { on, once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";

const root = resolve(import.meta.dirname, "..");

/** A training that another process writes, step by step, into a base directory of its own. */
export type Training = {
  readonly base: string;
  readonly run: string;
  /** Writes up to and with the step of that label, such as "500 validation_scores torn" or "500 vnc_crop_b prediction block 1". */
  advance(label: string): Promise<void>;
  /** Cuts losses and scores back, as a training that is resumed at `iteration` does. */
  rewind(iteration: number): Promise<void>;
  stop(): Promise<void>;
};

/** `datasets` in the order in which the run validated them. */
export async function startTraining(
  source: string,
  run: string,
  datasets: readonly string[] = ["vnc_crop_b", "vnc_crop_a"],
): Promise<Training> {
  const base = await mkdtemp(join(tmpdir(), "training-"));
  const words = ["bin/run-ts.js", "e2e/training.ts", resolve(source), base, run, ...datasets];
  const child = spawn(process.execPath, words, { cwd: root, stdio: ["pipe", "pipe", "inherit"] });
  const answers = on(createInterface({ input: child.stdout }), "line", { close: ["close"] });
  async function tell(line: string): Promise<void> {
    child.stdin.write(`${line}\n`);
    const { value } = (await answers.next()) as { value?: [string] };
    const answer = JSON.parse(value?.[0] ?? '{"error":"The training process ended."}') as { error?: string };
    if (answer.error !== undefined) throw new Error(answer.error);
  }
  async function stop(): Promise<void> {
    child.stdin.end();
    if (child.exitCode === null) await once(child, "exit");
    await rm(base, { recursive: true });
  }
  return {
    base,
    run,
    advance: (label) => tell(`advance ${label}`),
    rewind: (iteration) => tell(`rewind ${iteration}`),
    stop,
  };
}
