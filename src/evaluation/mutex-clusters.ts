import { createPairSet } from "./pair-set.ts";

/** Clusters of nodes, some of which exclude each other. */
export type MutexClusters = {
  /** The representative of the node's cluster. */
  find(node: number): number;
  /** Joins the clusters of two representatives, unless they exclude each other. */
  merge(a: number, b: number): void;
  /** The clusters of two different representatives are never to be joined. */
  exclude(a: number, b: number): void;
};

/** Lists of nodes that grow at the end and are appended to each other in no time. */
function createNodeLists(count: number) {
  const first = new Int32Array(count).fill(-1);
  const last = new Int32Array(count);
  const lengths = new Uint32Array(count);
  let nodes = new Uint32Array(1024);
  let next = new Int32Array(1024);
  let size = 0;

  function append(list: number, entry: number): void {
    if ((first[list] ?? -1) < 0) first[list] = entry;
    else next[last[list] ?? 0] = entry;
    last[list] = entry;
    next[entry] = -1;
    lengths[list] = (lengths[list] ?? 0) + 1;
  }

  return {
    lengthOf: (list: number): number => lengths[list] ?? 0,
    push(list: number, node: number): void {
      if (size === nodes.length) [nodes, next] = [doubled(nodes), doubled(next)];
      nodes[size] = node;
      append(list, size);
      size += 1;
    },
    /** Empties a list into another; what `keep` refuses is dropped. */
    move(from: number, to: number, keep: (node: number) => boolean): void {
      let entry = first[from] ?? -1;
      first[from] = -1;
      lengths[from] = 0;
      while (entry >= 0) {
        const following = next[entry] ?? -1;
        if (keep(nodes[entry] ?? 0)) append(to, entry);
        entry = following;
      }
    },
  };
}

function doubled<Words extends Uint32Array<ArrayBuffer> | Int32Array<ArrayBuffer>>(words: Words): Words {
  const longer = new (words.constructor as new (length: number) => Words)(2 * words.length);
  longer.set(words);
  return longer;
}

/**
 * A union by rank whose representatives are those of the Rust crate `disjoint-sets`, with which DaCapo's labels are made: of equal
 * ranks the larger index. Exclusions are kept apart from it, by lists that are merged small into large: a list belongs to a
 * cluster (`listOf` its representative) and names, for each cluster it excludes, some node of it.
 */
export function createMutexClusters(count: number): MutexClusters {
  const parents = Uint32Array.from({ length: count }, (_, node) => node);
  const ranks = new Uint8Array(count);
  const listOf = parents.slice();
  const lists = createNodeLists(count);
  const pairs = createPairSet();

  function find(node: number): number {
    let at = node;
    let parent = parents[at] ?? 0;
    while (at !== parent) {
      const grandparent = parents[parent] ?? 0;
      parents[at] = grandparent;
      at = parent;
      parent = grandparent;
    }
    return at;
  }

  function unite(low: number, high: number): number {
    const [lowRank, highRank] = [ranks[low] ?? 0, ranks[high] ?? 0];
    const root = lowRank > highRank ? low : high;
    parents[root === low ? high : low] = root;
    if (lowRank === highRank) ranks[root] = highRank + 1;
    return root;
  }

  return {
    find,
    merge(a, b) {
      const [listA, listB] = [listOf[a] ?? 0, listOf[b] ?? 0];
      if (pairs.has(listA, listB)) return;
      const [from, to] = lists.lengthOf(listA) < lists.lengthOf(listB) ? [listA, listB] : [listB, listA];
      listOf[a < b ? unite(a, b) : unite(b, a)] = to;
      lists.move(from, to, (node) => pairs.add(to, listOf[find(node)] ?? 0));
    },
    exclude(a, b) {
      if (!pairs.add(listOf[a] ?? 0, listOf[b] ?? 0)) return;
      lists.push(listOf[a] ?? 0, b);
      lists.push(listOf[b] ?? 0, a);
    },
  };
}
