/** Voxels of one kind of error that hang together face to face. */
export type ErrorRegion = {
  readonly kind: number;
  readonly voxels: number;
  /** Sum over its voxels of what was given with them. */
  readonly sum: number;
  /** The greatest depth of its voxels, and where that is: slowest axis first. */
  readonly depth: number;
  readonly place: readonly number[];
};

/** A block without what surrounds it, in C order; `kinds` is 0 where nothing is wrong. */
export type RegionBlock = {
  readonly kinds: Uint8Array;
  readonly depths: Float64Array;
  readonly values: Float64Array;
  readonly shape: readonly number[];
  /** Where its first voxel lies in the whole. */
  readonly at: readonly number[];
};

/** Blocks of one grid, in C order: a region that reaches over several of them is one. */
export type RegionCounter = { add(block: RegionBlock): void; regions(): readonly ErrorRegion[] };

type Region = { -readonly [Key in keyof ErrorRegion]: ErrorRegion[Key] };

export function createRegionCounter(): RegionCounter {
  const parents: number[] = [0];
  const known: Region[] = [{ kind: 0, voxels: 0, sum: 0, depth: 0, place: [] }];
  /** Labels of the last layer of a block, by the axis and the place of the block that follows. */
  const faces = new Map<string, Int32Array>();

  function rootOf(label: number): number {
    let root = label;
    while (parents[root] !== root) root = parents[root] ?? 0;
    for (let each = label; each !== root; ) {
      const next = parents[each] ?? root;
      parents[each] = root;
      each = next;
    }
    return root;
  }

  function begin(kind: number): number {
    parents.push(parents.length);
    known.push({ kind, voxels: 0, sum: 0, depth: -1, place: [] });
    return parents.length - 1;
  }

  /** The label of a voxel between those neighbours: theirs, which become one, or a new one. */
  function joined(kind: number, above: number, beside: number, before: number): number {
    const label = withNeighbour(kind, withNeighbour(kind, withNeighbour(kind, 0, above), beside), before);
    return label === 0 ? begin(kind) : label;
  }

  function withNeighbour(kind: number, label: number, neighbour: number): number {
    if (neighbour === 0 || known[neighbour]?.kind !== kind) return label;
    const root = rootOf(neighbour);
    if (label === 0 || root === label) return root;
    parents[Math.max(root, label)] = Math.min(root, label);
    return Math.min(root, label);
  }

  function count(label: number, { depths, values }: RegionBlock, voxel: number, place: () => readonly number[]): void {
    const region = known[label];
    if (region === undefined) return;
    region.voxels += 1;
    region.sum += values[voxel] ?? 0;
    if ((depths[voxel] ?? 0) <= region.depth) return;
    region.depth = depths[voxel] ?? 0;
    region.place = place();
  }

  function take(axis: number, at: readonly number[]): Int32Array | undefined {
    const key = `${axis} ${at}`;
    const face = faces.get(key);
    faces.delete(key);
    return face;
  }

  function keepFaces(labels: Int32Array, [depth, height, width]: Box, at: Box): void {
    const [z, y, x] = at;
    const line = (length: number, of: (index: number) => number) =>
      Int32Array.from({ length }, (_, index) => labels[of(index)] ?? 0);
    faces.set(`0 ${[z + depth, y, x]}`, labels.slice((depth - 1) * height * width));
    faces.set(
      `1 ${[z, y + height, x]}`,
      line(depth * width, (i) => Math.floor(i / width) * height * width + (height - 1) * width + (i % width)),
    );
    faces.set(
      `2 ${[z, y, x + width]}`,
      line(depth * height, (i) => i * width + width - 1),
    );
  }

  function add(block: RegionBlock): void {
    const shape = toBox(block.shape, 1);
    const at = toBox(block.at, 0);
    const [depth, height, width] = shape;
    const labels = new Int32Array(depth * height * width);
    const before = [take(0, at), take(1, at), take(2, at)];
    let voxel = 0;
    for (let z = 0; z < depth; z += 1) {
      for (let y = 0; y < height; y += 1) {
        for (let x = 0; x < width; x += 1, voxel += 1) {
          const kind = block.kinds[voxel] ?? 0;
          if (kind === 0) continue;
          const label = joined(
            kind,
            (z > 0 ? labels[voxel - height * width] : before[0]?.[y * width + x]) ?? 0,
            (y > 0 ? labels[voxel - width] : before[1]?.[z * width + x]) ?? 0,
            (x > 0 ? labels[voxel - 1] : before[2]?.[z * height + y]) ?? 0,
          );
          labels[voxel] = label;
          count(label, block, voxel, () => [at[0] + z, at[1] + y, at[2] + x].slice(3 - block.at.length));
        }
      }
    }
    keepFaces(labels, shape, at);
  }

  function regions(): readonly ErrorRegion[] {
    const merged = new Map<number, Region>();
    for (let label = 1; label < parents.length; label += 1) {
      const part = known[label];
      const root = rootOf(label);
      const whole = merged.get(root);
      if (part !== undefined) merged.set(root, whole === undefined ? part : merge(whole, part));
    }
    return [...merged.values()];
  }

  return { add, regions };
}

function merge(a: Region, b: Region): Region {
  const deeper = b.depth > a.depth ? b : a;
  return { ...deeper, voxels: a.voxels + b.voxels, sum: a.sum + b.sum };
}

type Box = readonly [number, number, number];

/** Flat data is one slice. */
function toBox(axes: readonly number[], filler: number): Box {
  const [z = filler, y = filler, x = filler] = [filler, filler, filler, ...axes].slice(-3);
  return [z, y, x];
}
