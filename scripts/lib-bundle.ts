import { dirname, join } from "node:path/posix";
import type { Plugin, Rolldown } from "vite";

type Output = Rolldown.OutputBundle[string];

const STYLES = "__RUN_VIEWER_STYLES__";

/** All style sheets become one text in the script that adopts it: no page has to link or bundle any. */
function putStylesInScript(bundle: Rolldown.OutputBundle): void {
  const sheets = Object.values(bundle).filter(({ fileName }) => fileName.endsWith(".css"));
  const styles = sheets.map((sheet) => (sheet.type === "asset" ? String(sheet.source) : "")).join("\n");
  for (const { fileName } of sheets) delete bundle[fileName];
  for (const output of Object.values(bundle))
    rewrite(output, (code) => code.replace(STYLES, () => JSON.stringify(styles)));
}

function rewrite(output: Output, change: (code: string) => string): void {
  if (output.type === "chunk") output.code = change(output.code);
  else if (/\.m?js$/.test(output.fileName)) output.source = change(text(output.source));
}

const text = (source: string | Uint8Array): string =>
  typeof source === "string" ? source : new TextDecoder().decode(source);

/** `new URL(new URL(x, import.meta.url).href, "" + import.meta.url)` as Vite writes it; a path without a dot at its beginning. */
const WRAPPED =
  /new URL\(\s*new URL\(([`"'][^`"']+[`"']),\s*import\.meta\.url\)\.href,\s*(?:[`"']{2}\s*\+\s*)?import\.meta\.url\)/g;
const PLAIN = /new URL\(\s*[`"']([^`"']+\.(?:m?js|wasm))[`"'],\s*import\.meta\.url\s*\)/g;

const SECOND_WORKER = /new Worker\([\s\S]*?chunk_worker\.bundle\.js[\s\S]*?\}\s*\)/;

/** An import whose target is known only when it runs is none that a bundler should look into. */
const COMPUTED_IMPORT = /\bimport\((?:\s|\/\*[^*]*\*\/)*(?=[\w$])/g;

/**
 * The one form in which every bundler knows a file beside a script: `new URL("./x", import.meta.url)`. `isThere`: whether the
 * build has a file of that path; what has none is never asked for, and would only be missed by those bundlers.
 */
export function toPlainUrls(code: string, isThere: (path: string) => boolean): string {
  return code
    .replace(WRAPPED, "new URL($1,import.meta.url)")
    .replace(PLAIN, (_, path: string) => {
      if (!isThere(path)) return "new URL(import.meta.url)";
      return `new URL("${path.startsWith(".") ? path : `./${path}`}",import.meta.url)`;
    })
    .replace(COMPUTED_IMPORT, "import(/* webpackIgnore: true *//* @vite-ignore */");
}

/** neuroglancer's own data context, which is never made here, would bring a second worker along. */
export function withoutSecondWorker(): Plugin {
  return {
    name: "without-second-worker",
    enforce: "pre",
    transform: {
      filter: { id: /neuroglancer[\\/]lib[\\/]data_management_context\.js$/ },
      handler: (code) => ({ map: null, code: code.replace(SECOND_WORKER, "undefined") }),
    },
  };
}

/** Vite's own loads style sheets and scripts ahead by their names, which other bundlers change: there is nothing to load ahead. */
export function withoutPreloading(): Plugin {
  return {
    name: "without-preloading",
    enforce: "pre",
    load: {
      filter: { id: /vite\/preload-helper/ },
      handler: () => "export const __vitePreload = (load) => load();",
    },
  };
}

/** What makes a build of this app a library that other builds can take in. */
export function libBundle(): Plugin {
  return {
    name: "lib-bundle",
    enforce: "post",
    generateBundle: {
      order: "post",
      handler(_, bundle) {
        putStylesInScript(bundle);
        const files = new Set(Object.keys(bundle));
        for (const output of Object.values(bundle)) {
          const isThere = (path: string) => files.has(join(dirname(output.fileName), path));
          rewrite(output, (code) => toPlainUrls(code, isThere));
        }
      },
    },
  };
}
