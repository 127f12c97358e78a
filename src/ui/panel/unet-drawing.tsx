import type { CNNectomeUNetConfig } from "#dacapo/architecture.ts";
import type { UnetLevel, UnetShapes } from "#dacapo/unet-shapes.ts";

type Props = { readonly unet: CNNectomeUNetConfig; readonly shapes: UnetShapes };

const width = 440;
const box = { width: 148, height: 36 };
const rowHeight = 62;
const top = 26;
/** At most so far from the edge, however many levels there are. */
const mostInset = (width - 2 * box.width) / 2 - 24;

const toShape = (shape: readonly number[]) => shape.join(" × ");

/** Down on the left, up on the right, a row a level: channels over voxels, skip connections across. */
export function UnetDrawing({ unet, shapes }: Props) {
  const { levels, output, channels } = shapes;
  const place = toPlaces(levels.length);
  const further = unet.upsampleFactors ?? [];
  const height = top + (levels.length - 1) * rowHeight + box.height + 8;
  return (
    <svg
      className="dv-unet"
      viewBox={`0 0 ${width} ${height}`}
      role="img"
      aria-label={`U-Net of ${levels.length} levels, ${toShape(levels[0]?.input ?? [])} voxels in, ${channels} × ${toShape(output)} out`}
    >
      <text className="dv-unet-end" x={place(0, "down") + box.width / 2} y={13}>
        {unet.fmapsIn} × {toShape(levels[0]?.input ?? [])}
      </text>
      <text className="dv-unet-end" x={place(0, "up") + box.width / 2} y={13}>
        {further.length === 0 ? "" : `${further.map((factor) => `↑ ${toShape(factor)}`).join(", ")} → `}
        {channels} × {toShape(output)}
      </text>
      {levels.map((level) => (
        <Level key={level.level} level={level} unet={unet} place={place} />
      ))}
    </svg>
  );
}

type Place = (level: number, way: "down" | "up" | "bottom") => number;

function toPlaces(count: number): Place {
  const inset = Math.min(30, mostInset / Math.max(1, count - 2));
  return (level, way) => {
    if (way === "bottom") return (width - box.width) / 2;
    return way === "down" ? level * inset : width - box.width - level * inset;
  };
}

type LevelProps = Pick<Props, "unet"> & { readonly level: UnetLevel; readonly place: Place };

function Level({ level, unet, place }: LevelProps) {
  const y = top + level.level * rowHeight;
  const factor = unet.downsampleFactors[level.level];
  const middle = y + box.height / 2;
  if (level.up === undefined)
    return <Box x={place(level.level, "bottom")} y={y} channels={level.channels} shape={level.down} />;
  const [left, right] = [place(level.level, "down"), place(level.level, "up")];
  return (
    <g>
      <path className="dv-unet-skip" d={`M${left + box.width},${middle}H${right - 5}`} />
      <path className="dv-unet-head" d={`M${right},${middle}l-6,-3v6Z`} />
      <Box x={left} y={y} channels={level.channels} shape={level.down} />
      <Box x={right} y={y} channels={level.up.channels} shape={level.up.output} />
      {factor === undefined ? undefined : (
        <>
          <Step x={left + box.width / 2 + 12} y={y + box.height} way="down" text={toShape(factor)} />
          <Step x={right + box.width / 2 - 12} y={y + box.height} way="up" text={toShape(factor)} />
        </>
      )}
    </g>
  );
}

type BoxProps = {
  readonly x: number;
  readonly y: number;
  readonly channels: number;
  readonly shape: readonly number[];
};

function Box({ x, y, channels, shape }: BoxProps) {
  return (
    <g>
      <rect className="dv-unet-box" x={x + 0.5} y={y + 0.5} width={box.width - 1} height={box.height - 1} rx={4} />
      <text className="dv-unet-channels" x={x + box.width / 2} y={y + 15}>
        {channels} channels
      </text>
      <text className="dv-unet-shape" x={x + box.width / 2} y={y + 29}>
        {toShape(shape)}
      </text>
    </g>
  );
}

type StepProps = { readonly x: number; readonly y: number; readonly way: "down" | "up"; readonly text: string };

/** Between two levels: what the voxels are pooled by, or upsampled. */
function Step({ x, y, way, text }: StepProps) {
  const gap = rowHeight - box.height;
  const head = way === "down" ? `M${x},${y + gap - 2}l-3,-6h6Z` : `M${x},${y + 2}l-3,6h6Z`;
  return (
    <g>
      <path className="dv-unet-step" d={`M${x},${y + 3}v${gap - 6}`} />
      <path className="dv-unet-head" d={head} />
      <text className="dv-unet-factor" x={way === "down" ? x - 8 : x + 8} y={y + gap / 2 + 4} data-way={way}>
        {way === "down" ? "÷" : "×"} {text}
      </text>
    </g>
  );
}
