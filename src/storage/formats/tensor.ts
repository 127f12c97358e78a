/** Values of a network's weights, C order, whatever precision the file has. */
export type Tensor = { readonly shape: readonly number[]; readonly data: Float32Array };

/** Floating-point tensors by name, in the file's order. The values may be views of the file's bytes: do not write. */
export type StateDict = ReadonlyMap<string, Tensor>;
