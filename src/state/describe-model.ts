// What people are told of a model of their own before it is first run.
import type { OnnxPort } from "#inference/onnx-description.ts";
import type { OwnModel } from "#inference/own-model.ts";
import { toOwnPorts } from "#inference/own-ports.ts";
import type { OwnModelState } from "./app-state.ts";

type Described = Pick<OwnModelState, "facts" | "layouts"> & Partial<Pick<OwnModelState, "layout" | "message">>;

/** `message`: why it cannot be run as it stands. */
export function describeModel({ description, graph, support, wishes, manifest }: OwnModel): Described {
  const ports = toOwnPorts(description, graph, wishes);
  const { candidates: layouts } = ports;
  const problem = support.problems[0] ?? ("problem" in ports ? ports.problem : undefined);
  const { gpuProblem, cpuNodes } = support;
  const kept = `${cpuNodes.length} of its ${description.nodes.length} operators are computed by the processor, also with a GPU.`;
  const facts = {
    input: description.inputs.map(toPort).join("; "),
    output: description.outputs.map(toPort).join("; "),
    weightBytes: description.weightBytes,
    operators: description.nodes.length,
    ...(manifest && { package: `${manifest.name}, bioimage.io ${manifest.formatVersion}` }),
    notes: [
      ...(manifest?.notes ?? []),
      ...(gpuProblem === undefined ? [] : [gpuProblem]),
      ...(cpuNodes.length === 0 ? [] : [kept]),
    ],
  };
  return {
    facts,
    layouts,
    ...("problem" in ports ? {} : { layout: ports.input.layout }),
    ...(problem !== undefined && { message: problem }),
  };
}

function toPort({ name, shape, elementType }: OnnxPort): string {
  const lengths = shape?.map((length) => length ?? "?").join(" × ") ?? "any shape";
  return `${name}: ${lengths}, ${elementType}`;
}
