import type { JointPair, JointTable } from "./joint-counter.ts";

/** What became of an object, of either side: merged where it shares a segment with others or is that segment, split likewise. */
export type ObjectVerdict = "matched" | "split" | "merged" | "missed" | "spurious";

export type LabelledObject = {
  readonly side: "truth" | "output";
  readonly id: bigint;
  readonly voxels: number;
  /** The object of the other side that shares most voxels; undefined where it meets none but the background. */
  readonly bestMatch: bigint | undefined;
  /** That, and all others that hold a tenth of it, largest first. */
  readonly partners: readonly bigint[];
  /** Intersection over union with the best match; 0 without one. */
  readonly iou: number;
  /** Bits that it adds to `voi_split` (truth) or `voi_merge` (output). */
  readonly voiShare: number;
  readonly verdict: ObjectVerdict | "background";
  /** A voxel of it, where it is wrong if it is wrong anywhere: slowest axis first. */
  readonly place: readonly number[];
};

/** A voxel's code in the layer of errors. */
export const voxelErrors = { right: 0, split: 1, merge: 2, missed: 3, spurious: 4 } as const;

export type ObjectErrors = {
  /** With the two backgrounds (label 0), which DaCapo counts as objects: the shares of all sum to the totals. */
  readonly objects: readonly LabelledObject[];
  readonly voi: { readonly split: number; readonly merge: number };
  /** One code of `voxelErrors` a pair of the table. */
  readonly codes: Uint8Array<ArrayBuffer>;
};

/** A part smaller than this of an object is a frayed edge, not a piece of it. */
const pieceFraction = 0.1;

/** A label of one side, and what it meets on the other. */
type Label = {
  readonly id: bigint;
  readonly voxels: number;
  readonly pairs: readonly Meeting[];
  /** Most voxels in common, with background or without it. */
  readonly most: Meeting | undefined;
  readonly main: Meeting | undefined;
};

type Meeting = JointPair & { readonly other: number; readonly isBackground: boolean };

/**
 * What a segmentation did to each object of the truth. Label 0 is the background of both, but counts in the entropies as
 * DaCapo has it, so that the shares sum to the run's own scores.
 */
export function findObjectErrors(table: JointTable): ObjectErrors {
  const truths = toLabels(table, "truth");
  const outputs = toLabels(table, "output");
  const objects = [
    ...truths.map((label) => toObject("truth", label, outputs, table.voxels)),
    ...outputs.map((label) => toObject("output", label, truths, table.voxels)),
  ];
  const total = (side: LabelledObject["side"]) =>
    objects.reduce((bits, object) => bits + (object.side === side ? object.voiShare : 0), 0);
  return {
    objects,
    voi: { split: total("truth"), merge: total("output") },
    codes: Uint8Array.from(table.pairs, (pair) => toCode(pair, outputs, truths)),
  };
}

function toLabels({ pairs, outputIds, truthIds }: JointTable, side: LabelledObject["side"]): readonly Label[] {
  const [own, others] = side === "truth" ? [truthIds, outputIds] : [outputIds, truthIds];
  const met: Meeting[][] = own.map(() => []);
  for (const pair of pairs) {
    const other = side === "truth" ? pair.output : pair.truth;
    met[pair[side]]?.push({ ...pair, other, isBackground: others[other] === 0n });
  }
  const byId = (a: Meeting, b: Meeting) => compareIds(others[a.other] ?? 0n, others[b.other] ?? 0n);
  return own.map((id, index) => toLabel(id, (met[index] ?? []).sort(byId)));
}

/** Of equally large ones the first counts: which that is must not depend on the order of blocks. */
const compareIds = (a: bigint, b: bigint): number => (a < b ? -1 : Number(a > b));

function toLabel(id: bigint, pairs: readonly Meeting[]): Label {
  return {
    id,
    voxels: pairs.reduce((sum, pair) => sum + pair.voxels, 0),
    pairs,
    most: largest(pairs),
    main: largest(pairs.filter(({ isBackground }) => !isBackground)),
  };
}

function largest(pairs: readonly Meeting[]): Meeting | undefined {
  return pairs.reduce<Meeting | undefined>(
    (most, pair) => (pair.voxels > (most?.voxels ?? 0) ? pair : most),
    undefined,
  );
}

function toObject(side: LabelledObject["side"], label: Label, others: readonly Label[], all: number): LabelledObject {
  const { id, voxels, main } = label;
  const match = main === undefined ? undefined : others[main.other];
  const met = id === 0n ? [] : toPieces(label).map(({ other }) => others[other]?.id ?? 0n);
  const verdict = id === 0n ? "background" : toVerdict(side, label, match);
  return {
    ...{ side, id, voxels, verdict },
    bestMatch: id === 0n ? undefined : match?.id,
    partners: id === 0n || match === undefined ? [] : [...new Set([match.id, ...met])],
    iou: id === 0n ? 0 : toIou(label, match),
    voiShare: toShare(label, all),
    place: toPlace(label, verdict),
  };
}

/** The label's part of the entropy of the other side given this one, in bits. */
function toShare({ pairs, voxels }: Label, all: number): number {
  return pairs.reduce((bits, pair) => bits + (pair.voxels / all) * Math.log2(voxels / pair.voxels), 0);
}

/** Below it no object is matched, however many small ones share its segment or hold its parts. */
const matchedIou = 0.5;

/** An object mostly on background is missed or spurious; one whose match is mainly another's was merged, or is a piece of it. */
function toVerdict(side: LabelledObject["side"], label: Label, match: Label | undefined): ObjectVerdict {
  const [lost, taken, broken] = verdicts[side];
  if (label.most?.isBackground) return lost;
  if (match?.main?.[side] !== label.main?.[side]) return taken;
  if (toPieces(label).length > 1) return broken;
  if (toIou(label, match) >= matchedIou) return "matched";
  return (label.main?.voxels ?? 0) > label.voxels / 2 ? taken : broken;
}

function toIou({ voxels, main }: Label, match: Label | undefined): number {
  return main === undefined ? 0 : main.voxels / (voxels + (match?.voxels ?? 0) - main.voxels);
}

const verdicts = { truth: ["missed", "merged", "split"], output: ["spurious", "split", "merged"] } as const;

function toPieces({ pairs, voxels }: Label): readonly Meeting[] {
  const pieces = pairs.filter((pair) => !pair.isBackground && pair.voxels >= pieceFraction * voxels);
  return pieces.toSorted((a, b) => b.voxels - a.voxels);
}

function toPlace({ pairs, main, most }: Label, verdict: LabelledObject["verdict"]): readonly number[] {
  const wrong = verdict === "split" || verdict === "merged" ? pairs.filter((p) => !p.isBackground && p !== main) : [];
  return (largest(wrong) ?? (verdict === "matched" ? main : most) ?? most)?.place ?? [];
}

/** A voxel is right where each side's label is mainly the other's; what of an object is in another's segment is merged before it is split. */
function toCode({ output, truth }: JointPair, outputs: readonly Label[], truths: readonly Label[]): number {
  const [segment, object] = [outputs[output], truths[truth]];
  if (object?.id === 0n) return segment?.id === 0n ? voxelErrors.right : voxelErrors.spurious;
  if (segment?.id === 0n) return voxelErrors.missed;
  if (segment?.main?.other !== truth) return voxelErrors.merge;
  return object?.main?.other === output ? voxelErrors.right : voxelErrors.split;
}
