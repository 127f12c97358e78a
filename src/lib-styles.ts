/** The viewer's style sheet, which the library's build puts here. */
declare const __RUN_VIEWER_STYLES__: string;

type Adopter = Document | ShadowRoot;

let sheet: CSSStyleSheet | undefined;
const users = new Map<Adopter, number>();

/** An element has a size and is a block, whatever the page says later with any selector. */
const elementStyles = ":where(dacapo-run-viewer) { display: block; height: 480px; }\n";

/** A constructed sheet needs no address, and no leave of the page's Content Security Policy. Returns what takes it back. */
export function adoptStyles(element: HTMLElement): () => void {
  const found = element.getRootNode();
  const root = found instanceof ShadowRoot ? found : element.ownerDocument;
  sheet ??= createSheet();
  const own = sheet;
  users.set(root, (users.get(root) ?? 0) + 1);
  if (!root.adoptedStyleSheets.includes(own)) root.adoptedStyleSheets.push(own);
  return () => release(root, own);
}

function createSheet(): CSSStyleSheet {
  const created = new CSSStyleSheet();
  created.replaceSync(elementStyles + __RUN_VIEWER_STYLES__);
  return created;
}

function release(root: Adopter, own: CSSStyleSheet): void {
  const left = (users.get(root) ?? 1) - 1;
  if (left > 0) return void users.set(root, left);
  users.delete(root);
  root.adoptedStyleSheets = root.adoptedStyleSheets.filter((each) => each !== own);
}
