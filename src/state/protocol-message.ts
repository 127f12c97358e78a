// The messages of the public contract, section 4, read from untrusted values.
import * as v from "valibot";
import { protocolApp, protocolVersion, type RequestId } from "./contract-message.ts";

const id = v.optional(v.union([v.pipe(v.string(), v.maxLength(200)), v.number()]));
const envelope = { app: v.literal(protocolApp), v: v.literal(protocolVersion), id };
const text = v.pipe(v.string(), v.maxLength(4096));
const finite = v.pipe(v.number(), v.finite());
const iteration = v.union([v.pipe(v.number(), v.integer(), v.minValue(0)), v.picklist(["latest", "best"])]);
const voxel = v.pipe(v.array(v.pipe(v.number(), v.integer())), v.minLength(2), v.maxLength(3));

const requestSchema = v.variant("type", [
  v.object({ ...envelope, type: v.literal("getState") }),
  v.object({ ...envelope, type: v.literal("open"), runs: v.pipe(v.array(text), v.maxLength(64)) }),
  v.object({
    ...envelope,
    type: v.literal("select"),
    run: v.optional(text),
    dataset: v.optional(text),
    iteration: v.optional(iteration),
    criterion: v.optional(text),
    parameters: v.optional(text),
  }),
  v.object({
    ...envelope,
    type: v.literal("setView"),
    view: v.object({
      position: v.optional(v.pipe(v.array(finite), v.length(3))),
      scale: v.optional(v.pipe(finite, v.gtValue(0))),
      layout: v.optional(text),
      unit: v.optional(text),
    }),
  }),
  v.object({ ...envelope, type: v.literal("read"), layer: text, begin: voxel, end: voxel }),
  v.object({
    ...envelope,
    type: v.literal("infer"),
    model: v.union([v.object({ iteration }), v.object({ url: text })]),
    dataset: v.optional(text),
    raw: v.optional(text),
    normalisation: v.optional(v.object({ min: finite, max: finite })),
    resample: v.optional(v.boolean()),
    device: v.optional(v.picklist(["webgpu", "wasm"])),
  }),
  v.object({
    ...envelope,
    type: v.literal("validate"),
    iteration,
    dataset: v.optional(text),
    parameters: v.optional(text),
    prediction: v.optional(v.picklist(["stored", "inference"]), "stored"),
    device: v.optional(v.picklist(["webgpu", "wasm"])),
  }),
  v.object({ ...envelope, type: v.literal("setTheme"), theme: v.picklist(["light", "dark", "system"]) }),
  v.object({ ...envelope, type: v.literal("screenshot") }),
]);

export type ProtocolRequest = v.InferOutput<typeof requestSchema>;

/** What a viewer sends: an answer, also one that comes back to a page that is its own host, is never a request. */
const answerTypes = new Set(["ready", "state", "block", "image", "scores", "progress", "validation", "best", "error"]);

export type ParsedRequest =
  | { readonly status: "request"; readonly request: ProtocolRequest }
  /** Not addressed to a viewer: to be ignored. */
  | { readonly status: "foreign" }
  | { readonly status: "refused"; readonly id: RequestId; readonly code: string; readonly message: string };

export function parseRequest(value: unknown): ParsedRequest {
  if (!isAddressed(value)) return { status: "foreign" };
  const parsed = v.safeParse(requestSchema, value);
  if (parsed.success) return { status: "request", request: parsed.output };
  const refused = { status: "refused", id: v.is(id, value.id) ? value.id : undefined } as const;
  const type = typeof value.type === "string" ? value.type.slice(0, 60) : undefined;
  const [issue] = parsed.issues;
  const where = v.getDotPath(issue) ?? "message";
  const message = `The message "${type}" was refused: ${where} should be ${issue.expected}, but is ${issue.received}.`;
  return { ...refused, code: "bad-message", message: message.slice(0, 500) };
}

function isAddressed(value: unknown): value is Record<"app" | "v" | "type" | "id", unknown> {
  if (typeof value !== "object" || value === null || !("app" in value) || value.app !== protocolApp) return false;
  return !("type" in value && typeof value.type === "string" && answerTypes.has(value.type));
}
