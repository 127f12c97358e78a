import type { BlockRunner } from "./block-run.ts";
import type { InferenceRequest, ProofReference } from "./inference.ts";
import { InferenceError, isInferenceError } from "./inference-error.ts";
import { type ParityProof, proveParity } from "./parity-proof.ts";
import type { EngineDesk } from "./session-desk.ts";

/** Until it is done, however often the engine has to be replaced meanwhile: recovering gives up by itself. */
export async function proveOnDesk(
  desk: EngineDesk,
  request: InferenceRequest,
  reference: ProofReference,
): Promise<ParityProof> {
  for (;;) {
    const runner = await desk.open();
    const { generation } = desk;
    try {
      return await proveWith(desk, request, runner, reference);
    } catch (error) {
      const isEngines = isInferenceError(error) && !isInferenceError(error, "raw", "reference", "disposed");
      if (desk.isDisposed || !isEngines) throw error;
      desk.recover(error, generation);
    }
  }
}

async function proveWith(
  desk: EngineDesk,
  { openEngine, model }: InferenceRequest,
  runner: BlockRunner,
  reference: ProofReference,
): Promise<ParityProof> {
  if (desk.facts?.device === "wasm") return proveParity({ ...reference, runner });
  const processor = await orNoReference(openEngine("wasm", reference.signal));
  try {
    await orNoReference(processor.load(model, reference.signal));
    const run: typeof processor.run = (...block) => orNoReference(processor.run(...block));
    return await proveParity({ ...reference, runner, processor: { run } });
  } finally {
    processor.dispose();
  }
}

/** What befalls the processor that a proof compares with is not the shown device's failure. */
async function orNoReference<T>(asked: Promise<T>): Promise<T> {
  try {
    return await asked;
  } catch (cause) {
    if (!isInferenceError(cause)) throw cause;
    throw new InferenceError("reference", `There is nothing to compare the device with: ${cause.message}`, cause);
  }
}
