const width = 96;
const height = 22;

/** Losses over the iterations, from the largest to the smallest; logarithmic where they are positive. */
export function Sparkline({ losses }: { readonly losses: readonly number[] }) {
  const path = toPath(losses);
  if (path === undefined) return <span className="dv-dim">–</span>;
  return (
    <svg
      className="dv-spark"
      width={width}
      height={height}
      viewBox={`0 0 ${width} ${height}`}
      role="img"
      aria-label="Loss"
    >
      <path d={path} />
    </svg>
  );
}

function toPath(losses: readonly number[]): string | undefined {
  const isPositive = losses.every((loss) => Number.isNaN(loss) || loss > 0);
  const values = isPositive ? losses.map(Math.log) : losses;
  const known = values.filter(Number.isFinite);
  if (known.length < 2) return undefined;
  const [low, high] = [Math.min(...known), Math.max(...known)];
  const x = (index: number) => ((index / (values.length - 1)) * (width - 2) + 1).toFixed(1);
  const y = (value: number) => (height - 2 - ((value - low) / (high - low || 1)) * (height - 4)).toFixed(1);
  let pen = "M";
  return values
    .flatMap((value, index) => {
      if (!Number.isFinite(value)) {
        pen = "M";
        return [];
      }
      const step = `${pen}${x(index)},${y(value)}`;
      pen = "L";
      return [step];
    })
    .join("");
}
