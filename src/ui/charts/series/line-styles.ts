import type { ScoreLine } from "./score-lines.ts";

/** How a line is told from the others: never by colour alone. `color` counts from 0 through the chart palette. */
export type LineStyle = { readonly color: number; readonly dash: string | undefined; readonly marker: MarkerShape };

export type MarkerShape = "circle" | "square" | "triangle" | "diamond" | "down" | "plus" | "pentagon" | "cross";

const SHAPES: readonly MarkerShape[] = ["circle", "square", "triangle", "diamond", "down", "plus", "pentagon", "cross"];
const DASHES: readonly (string | undefined)[] = [
  undefined,
  "6 3",
  "2 3",
  "8 3 2 3",
  "10 3",
  "4 2 1 2",
  "1 2",
  "12 3 3 3",
];
const COLORS = 8;

/**
 * Parameters have a colour and a marker, datasets a dash. Where only one of the two varies it has all three. The index on
 * the axis decides, not the place among what is drawn, so that a line keeps its look when others are hidden.
 */
export function toLineStyle(line: ScoreLine, lines: readonly ScoreLine[]): LineStyle {
  const varyingDatasets = lines.some((other) => other.datasetIndex !== line.datasetIndex);
  const varyingParameters = lines.some((other) => other.parametersIndex !== line.parametersIndex);
  const color = varyingParameters || !varyingDatasets ? line.parametersIndex : line.datasetIndex;
  const dash = varyingDatasets ? line.datasetIndex : line.parametersIndex;
  return {
    color: color % COLORS,
    dash: DASHES[dash % DASHES.length],
    marker: SHAPES[color % SHAPES.length] ?? "circle",
  };
}

/** Of one run among others, by its place among them. */
export function toRunStyle(index: number): Pick<LineStyle, "color" | "dash"> {
  return { color: index % COLORS, dash: DASHES[Math.floor(index / COLORS) % DASHES.length] };
}

/** What a legend says once: how the lines of some parameters, or of a dataset, look. Undefined: that varies among them. */
export type LegendEntry = {
  readonly label: string;
  readonly names: { readonly dataset?: string; readonly parameters?: string };
  readonly color: number | undefined;
  readonly dash: string | undefined;
  readonly marker: MarkerShape | undefined;
};

/** An entry for each line, or, where datasets and parameters both vary, one for each of the parameters and each dataset. */
export function toLegend(lines: readonly ScoreLine[]): readonly LegendEntry[] {
  const [first] = lines;
  const inFirstDataset = lines.filter((line) => line.datasetIndex === first?.datasetIndex);
  const withFirstParameters = lines.filter((line) => line.parametersIndex === first?.parametersIndex);
  if (inFirstDataset.length === 1 || withFirstParameters.length === 1) {
    return lines.map((line) => ({
      ...toLineStyle(line, lines),
      label: line.label,
      names: { dataset: line.dataset, parameters: line.parameters },
    }));
  }
  return [
    ...inFirstDataset.map((line) => ({
      ...toLineStyle(line, lines),
      dash: undefined,
      label: line.shortParameters,
      names: { parameters: line.parameters },
    })),
    ...withFirstParameters.map((line) => ({
      dash: toLineStyle(line, lines).dash,
      color: undefined,
      marker: undefined,
      label: line.dataset,
      names: { dataset: line.dataset },
    })),
  ];
}

/** Corners as (x, y) in units of the radius. */
const CORNERS: Readonly<Record<Exclude<MarkerShape, "circle">, string>> = {
  square: "-.85,-.85 .85,-.85 .85,.85 -.85,.85",
  triangle: "0,-1.15 1.1,.8 -1.1,.8",
  diamond: "0,-1.25 1.25,0 0,1.25 -1.25,0",
  down: "0,1.15 1.1,-.8 -1.1,-.8",
  plus: "-.35,-1.1 .35,-1.1 .35,-.35 1.1,-.35 1.1,.35 .35,.35 .35,1.1 -.35,1.1 -.35,.35 -1.1,.35 -1.1,-.35 -.35,-.35",
  pentagon: "0,-1.1 1.05,-.34 .65,.9 -.65,.9 -1.05,-.34",
  cross: "-1.1,-.6 -.6,-1.1 0,-.5 .6,-1.1 1.1,-.6 .5,0 1.1,.6 .6,1.1 0,.5 -.6,1.1 -1.1,.6 -.5,0",
};

/** The `d` of one marker around a point. */
export function toMarkerPath(shape: MarkerShape, x: number, y: number, radius: number): string {
  if (shape === "circle")
    return `M${x - radius},${y}a${radius},${radius} 0 1,0 ${2 * radius},0a${radius},${radius} 0 1,0 ${-2 * radius},0Z`;
  return toPolygon(CORNERS[shape], x, y, radius);
}

const STAR = Array.from({ length: 10 }, (_, i) => {
  const angle = (i * Math.PI) / 5 - Math.PI / 2;
  const reach = i % 2 === 0 ? 1 : 0.42;
  return `${(Math.cos(angle) * reach).toFixed(3)},${(Math.sin(angle) * reach).toFixed(3)}`;
}).join(" ");

export function toStarPath(x: number, y: number, radius: number): string {
  return toPolygon(STAR, x, y, radius);
}

function toPolygon(corners: string, x: number, y: number, radius: number): string {
  const points = corners.split(" ").map((corner) => {
    const [dx = 0, dy = 0] = corner.split(",").map(Number);
    return `${(x + dx * radius).toFixed(1)},${(y + dy * radius).toFixed(1)}`;
  });
  return `M${points.join("L")}Z`;
}
