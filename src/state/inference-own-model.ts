// A model of one's own, to what computing needs to know of it: its axes, its blocks, and where it can run.
import { modelShapes } from "#dacapo/model.ts";
import type { BlockGeometry } from "#inference/block-geometry.ts";
import { InferenceError } from "#inference/inference-error.ts";
import { type OwnGeometry, toOwnGeometry } from "#inference/own-geometry.ts";
import { channelNames, endsInSigmoid, type OwnModel } from "#inference/own-model.ts";
import { type OwnPorts, toOwnPorts } from "#inference/own-ports.ts";
import type { OwnRef, RunState } from "./app-state.ts";
import type { OpenedModel } from "./inference-model.ts";
import { packageFinish } from "./inference-package.ts";
import { configOf } from "./score-state.ts";

/** Throws InferenceError "model" with a sentence for people where it cannot be run. */
export function openOwnModel(own: OwnModel, ref: OwnRef, run: RunState): OpenedModel {
  const { description, support, bytes, manifest } = own;
  const ports = toPorts(own, ref);
  const found = toGeometry(own, ports, run);
  const { geometry, receptiveField } = found;
  return {
    model: {
      type: "onnx",
      bytes,
      input: ports.input,
      output: ports.output,
      inputChannels: ports.inputChannels,
      cpuNodes: support.cpuNodes,
    },
    geometry,
    dimensions: ports.dimensions,
    inputChannels: ports.inputChannels,
    activated: endsInSigmoid(own.graph, ports.output.name),
    calibrationKey: ref.address,
    identity: JSON.stringify([ref.address, own.fingerprint, ports.input.layout, ports.output]),
    batchNorm: false,
    card: {
      parameterCount: Math.round(description.weightBytes / 4),
      channels: namedChannels(own, geometry.outputChannels),
      ...(receptiveField && { receptiveField }),
      fetchedBytes: bytes.length,
      fileBytes: bytes.length,
      notes: [
        ...found.notes,
        ...(manifest ? [...manifest.notes, ...packageFinish(manifest).notes] : []),
        ...(support.gpuProblem === undefined ? [] : [support.gpuProblem]),
      ],
    },
    ...(manifest && { manifest }),
    ...(support.gpuProblem !== undefined && { device: "wasm" }),
  };
}

function namedChannels({ description, manifest }: OwnModel, count: number): readonly string[] {
  const names = manifest?.output.channelNames;
  return names?.length === count ? names : channelNames(description, count);
}

function toPorts({ description, graph, support, wishes }: OwnModel, { name }: OwnRef): OwnPorts {
  const [problem] = support.problems;
  if (problem !== undefined) throw new InferenceError("model", `${name} cannot be run here. ${problem}`);
  const ports = toOwnPorts(description, graph, wishes);
  if ("problem" in ports) throw new InferenceError("model", ports.problem);
  return ports;
}

function toGeometry({ graph, manifest }: OwnModel, ports: OwnPorts, run: RunState): OwnGeometry {
  const { shape } = manifest?.input ?? {};
  const preferred = shape ? [shape] : runBlocks(run, ports);
  const halo = manifest?.output.halo;
  const found = toOwnGeometry({ ports, graph, preferred, ...(halo && { halo }) });
  if (found !== undefined) return found;
  throw new InferenceError(
    "model",
    "What the model makes of an image of a given size cannot be told from its file; export it for a fixed size.",
  );
}

/** The blocks of the run's own validation: a model of that size gives what the run stores, block by block. */
function runBlocks(run: RunState, { dimensions }: OwnPorts): readonly BlockGeometry["evalInputShape"][] {
  const config = configOf(run);
  const shapes = config?.architectureConfig && modelShapes(config.architectureConfig, config.taskConfig);
  if (!shapes?.ok || shapes.evalInputShape.length !== dimensions) return [];
  return [shapes.evalInputShape];
}
