const PADDING = 12;
const TITLE_HEIGHT = 22;
const LEGEND_ROW = 18;

/** Styles that the drawing takes from the page's sheets, which a picture on its own does not have. */
const STYLES = [
  "fill",
  "fill-opacity",
  "stroke",
  "stroke-width",
  "stroke-opacity",
  "stroke-dasharray",
  "stroke-linecap",
  "stroke-linejoin",
  "opacity",
  "display",
  "font-family",
  "font-size",
  "font-weight",
  "font-variant-numeric",
] as const;

export type PngOptions = {
  /** After the chart's own title, as the run it is of. */
  readonly subtitle?: string;
  /** Pixels of the picture per CSS pixel. */
  readonly scale?: number;
};

/**
 * The chart inside an element as it looks now, with its title, its legend and the background behind it, as a PNG. Throws where the element holds no drawn chart.
 */
export async function exportPng(element: HTMLElement, { subtitle, scale = 2 }: PngOptions = {}): Promise<Blob> {
  const drawing = element.querySelector<SVGSVGElement>("svg.recharts-surface");
  if (drawing === null)
    throw new Error("There is no drawn chart to make a picture of: wait until it shows, or open its panel.");
  const picture = startPicture(element, drawing);
  const title = findTitle(element);
  addText(picture, [title, subtitle].filter((part) => part !== undefined).join(" · "), PADDING, PADDING + 12, element);
  const chart = cloneWithStyles(drawing);
  place(chart, PADDING, PADDING + TITLE_HEIGHT);
  picture.append(chart);
  addLegend(picture, element, PADDING + TITLE_HEIGHT + drawing.clientHeight + PADDING);
  return rasterise(picture, scale);
}

function findTitle(element: HTMLElement): string | undefined {
  return (
    element.closest<HTMLElement>("[data-chart-title]")?.dataset.chartTitle ??
    element.querySelector<HTMLElement>("[data-chart-title]")?.dataset.chartTitle
  );
}

const SVG = "http://www.w3.org/2000/svg";

function startPicture(element: HTMLElement, drawing: SVGSVGElement): SVGSVGElement {
  const picture = document.createElementNS(SVG, "svg");
  const legend = Math.ceil(element.querySelectorAll("[data-chart-legend]").length / columnsOf(drawing)) * LEGEND_ROW;
  picture.setAttribute("xmlns", SVG);
  picture.setAttribute("width", String(drawing.clientWidth + 2 * PADDING));
  picture.setAttribute("height", String(drawing.clientHeight + TITLE_HEIGHT + legend + 3 * PADDING));
  const ground = document.createElementNS(SVG, "rect");
  ground.setAttribute("width", "100%");
  ground.setAttribute("height", "100%");
  ground.setAttribute("fill", backgroundOf(element));
  picture.append(ground);
  return picture;
}

/** The first opaque colour behind an element. */
function backgroundOf(element: HTMLElement): string {
  for (let e: HTMLElement | null = element; e !== null; e = e.parentElement) {
    const color = getComputedStyle(e).backgroundColor;
    if (color !== "transparent" && !color.endsWith(", 0)")) return color;
  }
  return "white";
}

function cloneWithStyles<E extends SVGElement>(source: E): E {
  const clone = source.cloneNode(true) as E;
  const sources = [source, ...source.querySelectorAll<SVGElement>("*")];
  const clones = [clone, ...clone.querySelectorAll<SVGElement>("*")];
  sources.forEach((from, i) => {
    const computed = getComputedStyle(from);
    for (const style of STYLES) clones[i]?.style.setProperty(style, computed.getPropertyValue(style));
    clones[i]?.removeAttribute("class");
  });
  return clone;
}

function place(element: SVGElement, x: number, y: number): void {
  element.setAttribute("x", String(x));
  element.setAttribute("y", String(y));
}

function addText(picture: SVGSVGElement, text: string, x: number, y: number, styledAs: HTMLElement): void {
  const node = document.createElementNS(SVG, "text");
  const { color, fontFamily } = getComputedStyle(styledAs);
  place(node, x, y);
  node.textContent = text;
  node.setAttribute("style", `fill: ${color}; font: 12px ${fontFamily}`);
  picture.append(node);
}

const LEGEND_COLUMN = 170;

function columnsOf(drawing: SVGSVGElement): number {
  return Math.max(1, Math.floor(drawing.clientWidth / LEGEND_COLUMN));
}

function addLegend(picture: SVGSVGElement, element: HTMLElement, top: number): void {
  const columns = Math.max(1, Math.floor((Number(picture.getAttribute("width")) - 2 * PADDING) / LEGEND_COLUMN));
  element.querySelectorAll<HTMLElement>("[data-chart-legend]").forEach((entry, i) => {
    const x = PADDING + (i % columns) * LEGEND_COLUMN;
    const y = top + Math.floor(i / columns) * LEGEND_ROW;
    const swatch = entry.querySelector("svg");
    if (swatch !== null) {
      const clone = cloneWithStyles(swatch);
      place(clone, x, y);
      picture.append(clone);
    }
    addText(picture, entry.dataset.chartLegend ?? "", x + 32, y + 10, element);
  });
}

async function rasterise(picture: SVGSVGElement, scale: number): Promise<Blob> {
  const width = Number(picture.getAttribute("width"));
  const height = Number(picture.getAttribute("height"));
  const image = new Image(width, height);
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(new XMLSerializer().serializeToString(picture))}`;
  await image.decode();
  const canvas = document.createElement("canvas");
  canvas.width = width * scale;
  canvas.height = height * scale;
  canvas.getContext("2d")?.drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve, reject) => {
    canvas.toBlob(
      (blob) => (blob === null ? reject(new Error("The browser could not make a PNG of the chart.")) : resolve(blob)),
      "image/png",
    );
  });
}
