/** One measured line: `limit` bounds the ratio where there is a peer, and our own value where there is none; what is only counted has none. */
export type BenchRow = {
  readonly name: string;
  readonly ours: number;
  readonly peer?: number;
  readonly ratio?: number;
  readonly limit?: number;
  readonly unit: string;
  readonly pass: boolean;
};

export type Benchmark = {
  readonly name: string;
  /** Undefined when this machine lacks what it needs (a browser, CPython); the reason has then been printed. */
  readonly run: () => Promise<readonly BenchRow[] | undefined>;
};

/** A value that is compared with the same work done by somebody else's program in the same run. */
export function againstPeer(name: string, unit: string, ours: number, peer: number, limit: number): BenchRow {
  const ratio = ours / peer;
  return { name, ours, peer, ratio, limit, unit, pass: ratio <= limit };
}

export function againstLimit(name: string, unit: string, ours: number, limit: number): BenchRow {
  return { name, ours, limit, unit, pass: ours <= limit };
}

/** A value to be seen and compared over time, which nothing bounds. */
export function counted(name: string, unit: string, ours: number): BenchRow {
  return { name, ours, unit, pass: true };
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1
    ? (sorted[middle] ?? Number.NaN)
    : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2;
}

const digits = (value: number | undefined): string =>
  value === undefined ? "-" : value.toFixed(Math.abs(value) >= 100 || Number.isInteger(value) ? 0 : 2);

const heads = ["benchmark", "ours", "peer", "unit", "ratio", "limit", "pass"] as const;

const cells = ({ name, ours, peer, unit, ratio, limit, pass }: BenchRow): readonly string[] => [
  name,
  digits(ours),
  digits(peer),
  unit,
  digits(ratio),
  ratio === undefined && limit !== undefined ? `${digits(limit)} ${unit}` : digits(limit),
  pass ? "yes" : "NO",
];

/** The rows as text with aligned columns. */
export function toTable(rows: readonly BenchRow[]): string {
  const lines = [heads, ...rows.map(cells)];
  const widths = heads.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  return lines
    .map((line) =>
      line
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}
