// A view URL for people to pass on: as short as it can be, and never longer than browsers take.
import { toQuery, type ViewRequest } from "./view-url.ts";

export type ViewLink = {
  readonly href: string;
  /** Layers whose selected segments are too many for any address, and were left out of this one. */
  readonly withoutSegments: readonly string[];
};

export type SharedLink = ViewLink & {
  /** How many segments the view has selected, whether or not the link names them. */
  readonly selectedSegments: number;
};

/** Firefox takes 2^20 characters, others more. */
const maxLength = 1_000_000;

type Json = Readonly<Record<string, unknown>>;

/** On a page's address, whose other query parts are dropped. */
export async function toViewLink(request: ViewRequest, page: string): Promise<ViewLink> {
  const withoutSegments: string[] = [];
  let view = request.view;
  for (;;) {
    const href = await toHref({ ...request, view }, page);
    if (href !== undefined && href.length <= maxLength) return { href, withoutSegments };
    const most = findMostSegments(view);
    if (most === undefined)
      return { href: (await toHref({ ...request, view: undefined }, page)) ?? page, withoutSegments };
    withoutSegments.push(String(most.name));
    view = dropSegments(view, (layer) => layer === most);
  }
}

export async function toViewUrl(request: ViewRequest, page: string): Promise<string> {
  return (await toViewLink(request, page)).href;
}

/** The same view in which no segment is selected. */
export function withoutSegments(request: ViewRequest): ViewRequest {
  return { ...request, view: dropSegments(request.view, () => true) };
}

/** How many segments are selected in all layers of a view. */
export function countSegments(view: unknown): number {
  return layersOf(view).reduce((sum, layer) => sum + segmentsOf(layer), 0);
}

async function toHref({ view, ...request }: Omit<ViewRequest, "view"> & { view: unknown }, page: string) {
  const url = new URL(page);
  url.search = toQuery(request);
  const hash = view === undefined ? "" : await (await import("./view-hash.ts")).encodeView(view);
  if (hash === undefined) return undefined;
  url.hash = hash;
  return url.href;
}

function layersOf(view: unknown): readonly Json[] {
  const layers = typeof view === "object" && view !== null && "layers" in view ? view.layers : undefined;
  return Array.isArray(layers) ? layers.filter((layer) => typeof layer === "object" && layer !== null) : [];
}

function segmentsOf({ segments }: Json): number {
  return Array.isArray(segments) ? segments.length : 0;
}

function findMostSegments(view: unknown): Json | undefined {
  const [most] = layersOf(view).toSorted((a, b) => segmentsOf(b) - segmentsOf(a));
  return most !== undefined && segmentsOf(most) > 0 ? most : undefined;
}

function dropSegments(view: unknown, isMeant: (layer: Json) => boolean): unknown {
  const layers = layersOf(view).map((layer) => {
    const { segments, ...rest } = layer;
    return isMeant(layer) ? rest : layer;
  });
  return typeof view === "object" && view !== null && "layers" in view ? { ...view, layers } : view;
}
