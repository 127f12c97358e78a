import { describe, expect, it } from "vitest";
import type { OrderQuestion } from "./dataset-order.ts";
import type { ScoreRequest, ScoreResponse } from "./dataset-order.worker.ts";
import { EvaluationError } from "./errors.ts";
import { createOrderResolver, type ScoringWorker } from "./order-resolver.ts";
import { type LabelPair, scorePair } from "./score-pair.ts";

/** Answers as the worker would, after the hand-over that a thread boundary means. */
class InlineWorker extends EventTarget implements ScoringWorker {
  terminated = false;
  readonly #answer: (request: ScoreRequest) => ScoreResponse | undefined;

  constructor(answer: (request: ScoreRequest) => ScoreResponse | undefined) {
    super();
    this.#answer = answer;
  }

  postMessage(request: ScoreRequest, transfer: Transferable[] | StructuredSerializeOptions = []): void {
    const received = structuredClone(request, Array.isArray(transfer) ? { transfer } : transfer);
    queueMicrotask(() => {
      const data = this.#answer(received);
      if (data !== undefined) this.dispatchEvent(new MessageEvent("message", { data }));
    });
  }

  terminate(): void {
    this.terminated = true;
  }
}

const volume = (labels: readonly number[]) => ({
  data: BigUint64Array.from(labels, BigInt),
  shape: [labels.length],
  offset: [0],
  voxelSize: [1],
});
const pairs = new Map([
  ["a", [volume([1, 1, 2, 2]), volume([1, 1, 1, 1])]],
  ["b", [volume([1, 1, 1, 1]), volume([1, 1, 2, 2])]],
]);

function readPair(folder: string): Promise<LabelPair | undefined> {
  const [output, gt] = structuredClone(pairs.get(folder)) ?? [];
  return Promise.resolve(output && gt && { output, gt });
}

const criteria = ["voi_split", "voi_merge", "voi"];
const question: OrderQuestion = {
  kind: "instance",
  folders: ["a", "b"],
  criteria,
  storedScores: [{ iteration: 100, scores: [[[0, 1, 0.5]], [[1, 0, 0.5]]] }],
};
const answer = ({ kind, pair }: ScoreRequest): ScoreResponse => ({ values: scorePair(kind, pair, criteria) });

describe("scoring in a worker", () => {
  it("gives the same order as scoring in place, and ends the worker", async () => {
    const worker = new InlineWorker(answer);
    const order = await createOrderResolver(() => worker).resolve(question, readPair);
    expect(order).toMatchObject({ status: "resolved", order: ["b", "a"] });
    expect(worker.terminated).toBe(true);
  });

  it("stops a score that is being computed when the search is aborted", async () => {
    const controller = new AbortController();
    const worker = new InlineWorker(() => {
      controller.abort(new Error("another run was opened"));
      return undefined;
    });
    const resolving = createOrderResolver(() => worker).resolve(question, readPair, { signal: controller.signal });
    await expect(resolving).rejects.toThrow("another run was opened");
    expect(worker.terminated).toBe(true);
  });

  it("aborts what is under way when it is disposed", async () => {
    const worker = new InlineWorker(() => {
      resolver.dispose();
      return undefined;
    });
    const resolver = createOrderResolver(() => worker);
    await expect(resolver.resolve(question, readPair)).rejects.toThrow(/aborted/);
  });

  it("says so when the worker itself breaks", async () => {
    const worker = new InlineWorker(() => {
      worker.dispatchEvent(Object.assign(new Event("error"), { message: "out of memory" }));
      return undefined;
    });
    const resolving = createOrderResolver(() => worker).resolve(question, readPair);
    await expect(resolving).rejects.toMatchObject({ tag: "worker" });
  });

  it("takes an output that cannot be compared as no evidence", async () => {
    const error = { tag: "channels" as const, subject: "channels", message: "1 and 2" };
    const order = await createOrderResolver(() => new InlineWorker(() => ({ error }))).resolve(question, readPair);
    expect(order.status).toBe("unmatched");
    expect(() => scorePair("binary", { output: volume([1]), gt: { ...volume([1, 1]), shape: [2, 1] } }, [])).toThrow(
      EvaluationError,
    );
  });
});
