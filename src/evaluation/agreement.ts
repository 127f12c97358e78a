import { isBigLabels, type LabelData } from "./label-data.ts";
import { createPairTable } from "./pair-table.ts";

/** What two label volumes say of a voxel: background in both, the same, only the one or the other has an object, or both differ. */
export const agreements = { neither: 0, same: 1, onlyFirst: 2, onlySecond: 3, different: 4 } as const;

/** How labels are to be compared: masks by above 0 or not, classes by value, instances as objects, whatever their ids are. */
export type AgreementKind = "masks" | "classes" | "instances";

/** Both volumes of one shape. */
export type ObjectMatching = {
  /** Counts the voxels of a part of both. */
  add(first: LabelData, second: LabelData): void;
  /** One for each pair of voxels, see `agreements`; objects are the same where more than half of both together is common to them. */
  toAgreement(first: LabelData, second: LabelData): Float32Array<ArrayBuffer>;
};

type Labels = { readonly length: number; readonly indexAt: (voxel: number) => number; readonly background: number };

type Ids = { readonly indexOf: (low: number, high: number) => number; readonly background: number };

function createIds(): Ids {
  const table = createPairTable();
  const background = table.indexOf(0, 0);
  return { indexOf: table.indexOf, background };
}

/** Dense numbers instead of ids; neighbours mostly have the same one, which is looked up once. */
function toLabels(data: LabelData, ids: Ids): Labels {
  const words = isBigLabels(data) ? new Uint32Array(data.buffer, data.byteOffset, 2 * data.length) : undefined;
  let [low, high, index] = [0, 0, ids.background];
  const indexAt = (voxel: number) => {
    const nextLow = words === undefined ? Number(data[voxel]) : (words[2 * voxel] ?? 0);
    const nextHigh = words?.[2 * voxel + 1] ?? 0;
    if (nextLow === low && nextHigh === high) return index;
    low = nextLow;
    high = nextHigh;
    index = ids.indexOf(low, high);
    return index;
  };
  return { length: data.length, indexAt, background: ids.background };
}

function count(counts: number[], index: number, by: number): void {
  counts[index] = (counts[index] ?? 0) + by;
}

export function createObjectMatching(): ObjectMatching {
  const ids = { first: createIds(), second: createIds() };
  const pairs = createPairTable();
  const sizes: { readonly first: number[]; readonly second: number[]; readonly common: number[] } = {
    first: [],
    second: [],
    common: [],
  };

  function tally(first: number, second: number, voxels: number): void {
    count(sizes.first, first, voxels);
    count(sizes.second, second, voxels);
    count(sizes.common, pairs.indexOf(first, second), voxels);
  }

  function isSame(first: number, second: number): boolean {
    const common = sizes.common[pairs.indexOf(first, second)] ?? 0;
    return 2 * common > (sizes.first[first] ?? 0) + (sizes.second[second] ?? 0) - common;
  }

  return {
    add(first, second) {
      const [a, b] = [toLabels(first, ids.first), toLabels(second, ids.second)];
      let [since, inA, inB] = [0, a.background, b.background];
      for (let voxel = 0; voxel < a.length; voxel += 1) {
        const nextA = a.indexAt(voxel);
        const nextB = b.indexAt(voxel);
        if (nextA === inA && nextB === inB) continue;
        tally(inA, inB, voxel - since);
        since = voxel;
        inA = nextA;
        inB = nextB;
      }
      tally(inA, inB, a.length - since);
    },
    toAgreement(first, second) {
      const [a, b] = [toLabels(first, ids.first), toLabels(second, ids.second)];
      const judged = new Map<number, number>();
      return Float32Array.from({ length: a.length }, (_, voxel) => {
        const inA = a.indexAt(voxel);
        const inB = b.indexAt(voxel);
        const pair = pairs.indexOf(inA, inB);
        const known = judged.get(pair);
        if (known !== undefined) return known;
        const found = judge(inA !== a.background, inB !== b.background, () => isSame(inA, inB));
        judged.set(pair, found);
        return found;
      });
    },
  };
}

function judge(inFirst: boolean, inSecond: boolean, isSame: () => boolean): number {
  if (!inFirst) return inSecond ? agreements.onlySecond : agreements.neither;
  if (!inSecond) return agreements.onlyFirst;
  return isSame() ? agreements.same : agreements.different;
}

/** Of masks and classes, where a voxel is judged by itself; class 0 is a class as any other. */
export function toAgreement(
  first: LabelData,
  second: LabelData,
  kind: Exclude<AgreementKind, "instances">,
): Float32Array<ArrayBuffer> {
  return Float32Array.from({ length: first.length }, (_, voxel) => {
    const a = Number(first[voxel]);
    const b = Number(second[voxel]);
    if (kind === "classes") return a === b ? agreements.same : agreements.different;
    return judge(a > 0, b > 0, () => true);
  });
}
