import { type ChildProcessWithoutNullStreams, spawn, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { InferenceSession, Tensor } from "onnxruntime-web";
import { toOnnx } from "#inference/to-onnx.ts";
import type { SpeedCase } from "./speed-cases.ts";
import { cacheFolder } from "./training-pickle-parse.ts";

/** Somebody else's program with the same network and the same block. */
export type SpeedPeer = {
  readonly name: string;
  /** @returns milliseconds of one run. */
  readonly run: () => Promise<number>;
  /** Of the last run. */
  readonly output: () => Promise<Float32Array>;
  readonly close: () => Promise<void>;
};

export type OpenPeer = (subject: SpeedCase, threads: number) => Promise<SpeedPeer>;

const peersFolder = join(import.meta.dirname, "peers");
const seconds = 1000;

type Runtime = {
  readonly InferenceSession: {
    create(bytes: Uint8Array, options: InferenceSession.SessionOptions): Promise<InferenceSession>;
  };
  readonly Tensor: new (type: "float32", data: Float32Array, dims: readonly number[]) => Tensor;
};

/** Some 300 MB that nobody else needs: installed when it is first asked for, from a lock file, without running its scripts. */
function installRuntime(): void {
  if (existsSync(join(peersFolder, "node_modules/onnxruntime-node"))) return;
  console.error("Installing onnxruntime-node into bench/peers, once…");
  const options = { cwd: peersFolder, timeout: 600 * seconds, shell: process.platform === "win32" };
  spawnSync("npm", ["ci", "--ignore-scripts", "--silent"], { ...options, stdio: "ignore" });
}

/** onnxruntime-node, with the graph that "Download as ONNX" gives; undefined (and said on stderr) where it cannot be had. */
export function findNativeRuntime(): OpenPeer | undefined {
  try {
    installRuntime();
    const ort = createRequire(join(peersFolder, "package.json"))("onnxruntime-node") as Runtime;
    return (subject, threads) => openNative(ort, subject, threads);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message.split("\n")[0] : String(cause);
    console.error(`onnxruntime-node is not here (${reason}): inference is not compared with it.`);
    return undefined;
  }
}

async function openNative(ort: Runtime, subject: SpeedCase, threads: number): Promise<SpeedPeer> {
  const { network, inputShape, input } = subject;
  const options = { executionProviders: ["cpu"], intraOpNumThreads: threads, interOpNumThreads: 1 };
  const session = await ort.InferenceSession.create(toOnnx(network, { inputShape }), options);
  let output: Float32Array = new Float32Array();
  const run = async () => {
    const feeds = { raw: new ort.Tensor("float32", input, [1, network.inputChannels, ...inputShape]) };
    const start = performance.now();
    const { prediction } = await session.run(feeds);
    output = (await prediction?.getData()) as Float32Array;
    return performance.now() - start;
  };
  return { name: "onnxruntime-node", run, output: async () => output, close: () => session.release() };
}

/** PyTorch with DaCapo's own modules; undefined (and said on stderr) where the Python at hand (`PYTHON`, else python3) has none. */
export function findPyTorch(): OpenPeer | undefined {
  const python = process.env.PYTHON ?? "python3";
  if (spawnSync(python, ["-c", "import torch, numpy"]).status === 0) {
    return (subject, threads) => openPyTorch(python, subject, threads);
  }
  console.error(`${python} has no PyTorch: inference is not compared with it. Name one that has in PYTHON.`);
  return undefined;
}

async function openPyTorch(python: string, subject: SpeedCase, threads: number): Promise<SpeedPeer> {
  await mkdir(cacheFolder, { recursive: true });
  const [description, values] = [join(cacheFolder, "torch.json"), join(cacheFolder, "torch.f32")];
  const { network, architecture, inputShape, checkpoint, input } = subject;
  const head = network.head && [network.head.outputs, network.head.kernel[0]];
  const sigmoid = network.evalActivation === "sigmoid";
  await writeFile(
    description,
    JSON.stringify({ architecture, head, sigmoid, checkpoint, inputShape, threads, values }),
  );
  await writeFile(values, input);
  const child = spawn(python, [join(import.meta.dirname, "torch-peer.py"), description]);
  const ask = lineByLine(child);
  await ask("ready");
  return {
    name: "PyTorch",
    run: async () => Number(await ask("run")),
    output: async () => {
      await ask("output");
      const { buffer, byteOffset, byteLength } = await readFile(values);
      return new Float32Array(buffer.slice(byteOffset, byteOffset + byteLength));
    },
    close: async () => void child.kill(),
  };
}

/** One line in, one line out. */
function lineByLine(child: ChildProcessWithoutNullStreams): (line: string) => Promise<string> {
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  let complaint = "";
  child.stderr.on("data", (data: Buffer) => {
    complaint += data.toString();
  });
  return async (line) => {
    child.stdin.write(`${line}\n`);
    const { value, done } = await lines.next();
    if (done) throw new Error(`PyTorch ended: ${complaint}`);
    return value;
  };
}
