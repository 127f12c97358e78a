import type { Engine, EngineDevice, EngineFacts, EngineModel, EngineOutput, GraphVariant } from "./engine.ts";
import { toEngineError } from "./engine-failure.ts";
import type { InferenceErrorTag } from "./inference-error.ts";
import { ModelParts, type ModelPiece } from "./model-parts.ts";

export type EngineOptions = {
  readonly device: EngineDevice;
  /** Processor threads at most; as many as the machine has cores where isolation allows. */
  readonly maxThreads?: number;
};

/** Page to worker. Answered in order. */
export type EngineRequest = { readonly id: number } & (
  | { readonly type: "open"; readonly options: EngineOptions }
  | { readonly type: "piece"; readonly piece: ModelPiece }
  | { readonly type: "load"; readonly model: EngineModel }
  | { readonly type: "prepare"; readonly variant: GraphVariant }
  | { readonly type: "run"; readonly variant: GraphVariant; readonly input: Float32Array<ArrayBuffer> }
);

/** An error loses its own fields between threads. */
export type EngineFailure = { readonly tag: InferenceErrorTag; readonly message: string };

export type EngineResponse =
  | { readonly id: number; readonly type: "done"; readonly value: EngineValue }
  | { readonly id: number; readonly type: "failed"; readonly failure: EngineFailure }
  | { readonly type: "lost"; readonly failure: EngineFailure };

export type EngineValue = EngineFacts | EngineOutput | number | undefined;

export type EnginePort = {
  postMessage(response: EngineResponse, transfer: Transferable[]): void;
  onmessage: ((event: MessageEvent<EngineRequest>) => void) | null;
};

/** The worker's whole work: opens one engine and does with it what the page asks. */
export function serveEngine(port: EnginePort, openEngine: (options: EngineOptions) => Promise<Engine>): void {
  let engine: Promise<Engine> | undefined;
  const parts = new ModelParts();
  const opened = async (): Promise<Engine> => {
    if (engine === undefined) throw new Error("The engine was not opened.");
    return engine;
  };
  const answer = async (request: EngineRequest): Promise<EngineValue> => {
    switch (request.type) {
      case "open":
        engine = openEngine(request.options);
        (await engine).onLost((error) => port.postMessage({ type: "lost", failure: toFailure(error) }, []));
        return (await engine).facts;
      case "piece":
        parts.add(request.piece);
        return undefined;
      case "load":
        return (await opened()).load(parts.putTogether(request.model)).then(() => undefined);
      case "prepare":
        return (await opened()).prepare(request.variant);
      case "run":
        return (await opened()).run(request.variant, request.input);
    }
  };
  port.onmessage = ({ data }) => {
    void answer(data).then(
      (value) => port.postMessage({ id: data.id, type: "done", value }, toTransfer(value)),
      (error: unknown) => port.postMessage({ id: data.id, type: "failed", failure: toFailure(error) }, []),
    );
  };
}

function toTransfer(value: EngineValue): Transferable[] {
  return typeof value === "object" && "data" in value ? [value.data.buffer] : [];
}

function toFailure(error: unknown): EngineFailure {
  const { tag, message } = toEngineError(error);
  return { tag, message };
}
