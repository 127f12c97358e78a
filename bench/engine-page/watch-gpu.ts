export type GpuCounts = {
  readonly dispatches: number;
  /** Of the buffers that the dispatches were given: what they read and write at most once each. */
  readonly boundBytes: number;
  /** Between the processor and the GPU, both ways. */
  readonly transferredBytes: number;
};

const NOTHING: GpuCounts = { dispatches: 0, boundBytes: 0, transferredBytes: 0 };

/** Counts what this thread asks of WebGPU from now on. @returns a function that gives the counts and begins anew. */
export function watchGpu(): () => GpuCounts {
  let counts = NOTHING;
  const add = (more: Partial<GpuCounts>) => {
    counts = {
      dispatches: counts.dispatches + (more.dispatches ?? 0),
      boundBytes: counts.boundBytes + (more.boundBytes ?? 0),
      transferredBytes: counts.transferredBytes + (more.transferredBytes ?? 0),
    };
  };
  if ("GPUQueue" in globalThis) {
    watchBindings(add);
    watchTransfers(add);
  }
  return () => {
    const counted = counts;
    counts = NOTHING;
    return counted;
  };
}

type Add = (more: Partial<GpuCounts>) => void;

function watchBindings(add: Add): void {
  const groupBytes = new WeakMap<GPUBindGroup, number>();
  const bound = new WeakMap<GPUComputePassEncoder, Map<number, number>>();
  after(GPUDevice.prototype, "createBindGroup", (group, _, { entries }) =>
    groupBytes.set(group, sum(entries, bindingBytes)),
  );
  after(GPUComputePassEncoder.prototype, "setBindGroup", (_, pass, index, group) => {
    const groups = bound.get(pass) ?? new Map<number, number>();
    bound.set(pass, groups.set(index, group ? (groupBytes.get(group) ?? 0) : 0));
  });
  after(GPUComputePassEncoder.prototype, "dispatchWorkgroups", (_, pass) =>
    add({ dispatches: 1, boundBytes: sum(bound.get(pass)?.values() ?? [], (bytes) => bytes) }),
  );
}

function watchTransfers(add: Add): void {
  after(GPUQueue.prototype, "writeBuffer", (_, _queue, _buffer, _offset, data, dataOffset, size) =>
    add({ transferredBytes: size ?? data.byteLength - (dataOffset ?? 0) }),
  );
  after(GPUBuffer.prototype, "getMappedRange", (range) => add({ transferredBytes: range.byteLength }));
}

function bindingBytes({ resource }: GPUBindGroupEntry): number {
  if (resource instanceof GPUBuffer) return resource.size;
  return "buffer" in resource ? (resource.size ?? resource.buffer.size - (resource.offset ?? 0)) : 0;
}

function sum<T>(items: Iterable<T>, of: (item: T) => number): number {
  let total = 0;
  for (const item of items) total += of(item);
  return total;
}

type Methods<T> = { [K in keyof T]: T[K] extends (...args: never[]) => unknown ? K : never }[keyof T];

/** Calls `tell` with the result, the object and the arguments of every later call of a method. */
function after<T extends object, K extends Methods<T>>(
  prototype: T,
  name: K,
  tell: T[K] extends (...args: infer A) => infer R ? (result: R, self: T, ...args: A) => void : never,
): void {
  const original = prototype[name] as (...args: unknown[]) => unknown;
  const patched = function (this: T, ...args: unknown[]) {
    const result = Reflect.apply(original, this, args);
    (tell as (...args: unknown[]) => void)(result, this, ...args);
    return result;
  };
  Object.assign(prototype, { [name]: patched });
}
