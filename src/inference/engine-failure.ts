import { InferenceError, type InferenceErrorTag } from "./inference-error.ts";

/** What an error of the runtime says, by the words that it is known to use. Order matters: a lost device also fails to allocate. */
const SIGNS: readonly (readonly [InferenceErrorTag, RegExp])[] = [
  [
    "device-lost",
    /device (?:is |was )?lost|lost (?:the )?device|DeviceLost|external Instance reference|device.*destroyed/i,
  ],
  [
    "out-of-memory",
    /out of memory|\boom\b|bad_alloc|bad allocation|allocat\w* (?:failed|memory)|failed to allocate|buffer allocation|memory access out of bounds|cannot enlarge memory|exceeds the max\w* (?:buffer|storage)|Invalid typed array length|Invalid array (?:buffer )?length/i,
  ],
  [
    "model",
    /not implemented|NOT_IMPLEMENTED|fallback to CPU EP|unsupported|not supported|could not find an implementation|INVALID_(?:GRAPH|PROTOBUF|ARGUMENT)|protobuf parsing|ShapeInference|TypeInference|failed to load model|invalid (?:rank|dimension|feed)|unexpected input|no opset|is not a registered function/i,
  ],
];

const SENTENCES: Readonly<Partial<Record<InferenceErrorTag, string>>> = {
  "device-lost": "The GPU was taken away from this page",
  "out-of-memory": "A block needs more memory than the device gives this page",
  model: "The network could not be run here as it is",
  crashed: "The thread that computes ended unexpectedly",
};

/** A runtime's error as ours; a bare number is what its memory allocator throws. */
export function toEngineError(cause: unknown, fallback: InferenceErrorTag = "crashed"): InferenceError {
  if (cause instanceof InferenceError) return cause;
  const text = cause instanceof Error ? cause.message : String(cause);
  const tag = /^\d+$/.test(text.trim())
    ? "out-of-memory"
    : (SIGNS.find(([, sign]) => sign.test(text))?.[0] ?? fallback);
  return new InferenceError(tag, `${SENTENCES[tag] ?? "Computing failed"}: ${text.slice(0, 300)}`, cause);
}
