export const STOCK_NEUROGLANCER = "https://neuroglancer-demo.appspot.com";

/** The address at which a neuroglancer that knows nothing of us opens `state`. */
export function toStockUrl(state: Readonly<Record<string, unknown>>, base = STOCK_NEUROGLANCER): string {
  return `${base}/#!${encodeURIComponent(JSON.stringify(state))}`;
}
