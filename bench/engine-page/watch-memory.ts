/** Watches how far WASM memories grow that are made from now on: they never shrink, so this is the most that was ever used. */
export function watchMemory(): () => number {
  const memories: WebAssembly.Memory[] = [];
  class Watched extends WebAssembly.Memory {
    constructor(descriptor: WebAssembly.MemoryDescriptor) {
      super(descriptor);
      memories.push(this);
    }
  }
  Object.assign(WebAssembly, { Memory: Watched });
  return () => memories.reduce((sum, { buffer }) => sum + buffer.byteLength, 0);
}
