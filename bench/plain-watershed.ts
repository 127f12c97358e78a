import type { Affinities } from "#evaluation/mutex-watershed.ts";

/** The mutex watershed as one writes it down: edges are objects, sorted by comparing, and each cluster has a set of those it excludes. */
export function plainWatershed({ data, shape, offsets }: Affinities, bias: number): Uint32Array {
  const [depth = 1, height = 1, width = 1] = shape;
  const voxels = depth * height * width;
  const edges: { readonly weight: number; readonly u: number; readonly v: number }[] = [];
  offsets.forEach(([dz = 0, dy = 0, dx = 0], channel) => {
    for (let z = 0; z < depth; z += 1)
      for (let y = 0; y < height; y += 1)
        for (let x = 0; x < width; x += 1) {
          const inside = z + dz < depth && y + dy < height && x + dx < width;
          const u = (z * height + y) * width + x;
          const v = ((z + dz) * height + y + dy) * width + x + dx;
          if (inside) edges.push({ weight: (data[channel * voxels + u] ?? 0) - bias, u, v });
        }
  });
  edges.sort((a, b) => Math.abs(b.weight) - Math.abs(a.weight));
  return cluster(edges, voxels);
}

function cluster(
  edges: readonly { readonly weight: number; readonly u: number; readonly v: number }[],
  voxels: number,
) {
  const foreground = new Set(edges.flatMap(({ weight, u, v }) => (weight > 0 ? [u, v] : [])));
  const parents = Uint32Array.from({ length: voxels }, (_, voxel) => voxel);
  const excluded = new Map<number, Set<number>>();
  const excludedBy = (node: number) => excluded.get(node) ?? excluded.set(node, new Set()).get(node) ?? new Set();
  const find = (node: number): number => {
    let at = node;
    while (parents[at] !== at) {
      parents[at] = parents[parents[at] ?? 0] ?? 0;
      at = parents[at] ?? 0;
    }
    return at;
  };
  for (const { weight, u, v } of edges) {
    if (!(foreground.has(u) && foreground.has(v))) continue;
    const [a, b] = [find(u), find(v)];
    if (a === b || excludedBy(a).has(b)) continue;
    if (weight > 0) {
      const [from, to] = excludedBy(a).size < excludedBy(b).size ? [a, b] : [b, a];
      parents[from] = to;
      for (const other of excludedBy(from)) {
        excludedBy(other).delete(from);
        excludedBy(other).add(to);
        excludedBy(to).add(other);
      }
      excluded.delete(from);
    } else {
      excludedBy(a).add(b);
      excludedBy(b).add(a);
    }
  }
  return Uint32Array.from({ length: voxels }, (_, voxel) => (foreground.has(voxel) ? find(voxel) : 0));
}
