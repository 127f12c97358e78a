// What is wrong with an output, as lines of a table: objects of both sides, or regions of false voxels.
import type { ErrorsState } from "#state/app-state.ts";
import { toCsv } from "../charts/series/csv.ts";
import { toCount, toScore } from "../words.ts";

export type ErrorReport = NonNullable<ErrorsState["report"]>;
type LabelledObject = Extract<ErrorReport, { kind: "instance" }>["objects"][number];
type FalseRegion = Extract<ErrorReport, { kind: "mask" }>["regions"][number];

export type ErrorRow = {
  readonly key: string;
  readonly name: string;
  /** What happened to it; lines are filtered by it. */
  readonly what: string;
  readonly values: Readonly<Partial<Record<ErrorColumn, number>>>;
  readonly match?: string;
  readonly place: readonly number[];
  /** To be selected, by layer. */
  readonly segments?: Readonly<Record<string, readonly bigint[]>>;
};

export type ErrorColumn = "name" | "what" | "voxels" | "match" | "iou" | "split" | "merge" | "depth" | "share";

export type ErrorSort = { readonly column: ErrorColumn; readonly descending: boolean };

type ColumnText = { readonly title: string; readonly about: string };

export const columnTexts: Readonly<Record<ErrorColumn, ColumnText>> = {
  name: { title: "Object", about: "gt: of the ground truth; seg: of the segmentation" },
  what: { title: "What", about: "What became of it" },
  voxels: { title: "Voxels", about: "Size in voxels" },
  match: { title: "Match", about: "The object of the other side that shares most voxels" },
  iou: { title: "IoU", about: "Intersection over union with the best match" },
  split: { title: "Split", about: "Bits that it adds to voi_split; all of them sum to it" },
  merge: { title: "Merge", about: "Bits that it adds to voi_merge; all of them sum to it" },
  depth: {
    title: "Depth",
    about: "The greatest distance of its voxels from the true boundary, in the data's unit (nm)",
  },
  share: {
    title: "Share",
    about: "What it adds to the mean false positive or negative distance; all of them sum to it",
  },
};

export const columnsOf = ({ kind }: ErrorReport): readonly ErrorColumn[] =>
  kind === "instance"
    ? ["name", "what", "voxels", "match", "iou", "split", "merge"]
    : ["name", "what", "voxels", "depth", "share"];

export const isText = (column: ErrorColumn): boolean => column === "name" || column === "what" || column === "match";

/** Where nobody has chosen: what costs most comes first. */
export const standardSort = ({ kind }: ErrorReport): ErrorSort => ({
  column: kind === "instance" ? "split" : "voxels",
  descending: true,
});

export function toErrorRows(report: ErrorReport): readonly ErrorRow[] {
  if (report.kind === "instance") return report.objects.map(toObjectRow);
  const many = report.channels.length > 1;
  return report.regions.map((region, index) => toRegionRow(region, index, many));
}

function toObjectRow(object: LabelledObject): ErrorRow {
  const { side, id, voxels, bestMatch, partners, iou, voiShare, verdict, place } = object;
  const [own, other] = side === "truth" ? (["gt", "seg"] as const) : (["seg", "gt"] as const);
  const layers = { gt: "gt", seg: "segmentation" };
  const isObject = verdict !== "background";
  return {
    key: `${own} ${id}`,
    name: isObject ? `${own} ${id}` : `${own} background`,
    what: verdict,
    values: { voxels, [side === "truth" ? "split" : "merge"]: voiShare, ...(isObject && { iou }) },
    ...(bestMatch !== undefined && { match: `${other} ${bestMatch}` }),
    place,
    segments: { [layers[own]]: isObject ? [id] : [], [layers[other]]: partners },
  };
}

function toRegionRow(region: FalseRegion, index: number, many: boolean): ErrorRow {
  const { channel, error, voxels, depth, share, place } = region;
  const number = `region ${index + 1}`;
  return {
    key: String(index),
    name: many ? `${channel} ${number}` : number,
    what: error,
    values: { voxels, depth, share },
    place,
  };
}

export function sortRows(rows: readonly ErrorRow[], { column, descending }: ErrorSort): readonly ErrorRow[] {
  const sign = descending ? -1 : 1;
  const compare = isText(column) ? byText(column) : byNumber(column);
  return rows.toSorted((a, b) => {
    const [x, y] = [hasValue(a, column), hasValue(b, column)];
    return x && y ? sign * compare(a, b) : Number(y) - Number(x); // what has no value comes last, whichever way
  });
}

const collator = new Intl.Collator("en", { numeric: true });

function hasValue(row: ErrorRow, column: ErrorColumn): boolean {
  if (isText(column)) return textOf(row, column) !== "";
  return !Number.isNaN(row.values[column] ?? Number.NaN);
}

const byText = (column: ErrorColumn) => (a: ErrorRow, b: ErrorRow) =>
  collator.compare(textOf(a, column), textOf(b, column));
const byNumber = (column: ErrorColumn) => (a: ErrorRow, b: ErrorRow) =>
  (a.values[column] ?? 0) === (b.values[column] ?? 0) ? 0 : (a.values[column] ?? 0) - (b.values[column] ?? 0);

function textOf(row: ErrorRow, column: ErrorColumn): string {
  return column === "name" ? row.name : column === "what" ? row.what : (row.match ?? "");
}

export function toCellText(row: ErrorRow, column: ErrorColumn): string {
  if (isText(column)) return textOf(row, column) || "–";
  const value = row.values[column];
  if (column === "voxels" || value === undefined || !Number.isFinite(value) || Math.abs(value) < 1e-4)
    return column === "voxels" ? toCount(value ?? 0) : toScore(value);
  return value.toPrecision(3);
}

/** How many lines there are of each kind. */
export function countWhats(rows: readonly ErrorRow[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  const order = ["matched", "split", "merged", "missed", "spurious", "background"];
  for (const { what } of rows) counts.set(what, (counts.get(what) ?? 0) + 1);
  return new Map([...counts].sort(([a], [b]) => order.indexOf(a) - order.indexOf(b)));
}

export function toErrorsCsv(report: ErrorReport, rows: readonly ErrorRow[]): readonly string[] {
  const columns = columnsOf(report);
  const header = [...columns, "place_z", "place_y", "place_x"];
  return toCsv(header, rows.length, (index) => {
    const row = rows[index];
    if (row === undefined) return [];
    const [z, y, x] = [0, 0, 0, ...row.place].slice(-3);
    const cells = columns.map((column) => (isText(column) ? textOf(row, column) : (row.values[column] ?? "")));
    return [...cells, z ?? 0, y ?? 0, x ?? 0];
  });
}
