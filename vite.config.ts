import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { defaultClientConditions, defineConfig, type Plugin } from "vite";

const ENCODE_FROM_STRING = /const writeEncodedRepresentation = new Function\([\s\S]*?\n\);/;
const ENCODE_PLAINLY = `const writeEncodedRepresentation = (out, o, encoded, indices, bits, n) => {
  if (!bits) return;
  const perWord = 32 / bits;
  for (let word = 0, e = 0; word < n; ++word) {
    let value = 0;
    for (let k = 0; k < perWord; ++k) value |= indices[encoded[e++]] << (k * bits);
    out[o + word] = value;
  }
};`;

/**
 * Vite recognises a worker only where nothing stands between `new Worker(` and `new URL(`: neuroglancer has a webpack comment there.
 * It also builds one function from a string, which a page under a Content Security Policy may not, and takes the focus that nothing
 * else has, which is the page's to give.
 */
function neuroglancerScripts(): Plugin {
  return {
    name: "neuroglancer-scripts",
    enforce: "pre",
    transform: {
      filter: { id: /neuroglancer[\\/]lib[\\/].*\.js$/, code: /webpackChunkName|new Function\(|const isTopLevel/ },
      handler: (code) => ({
        map: null,
        code: code
          .replace(/\/\* webpackChunkName:[^*]*\*\//g, "")
          .replace(ENCODE_FROM_STRING, ENCODE_PLAINLY)
          .replace(/const isTopLevel = [^;]*;/, "const isTopLevel = false;"),
      }),
    },
  };
}

/** Keyframes may not stand inside another rule; the prefixed ones are for browsers long gone. */
const KEYFRAMES = /@(-(?:moz|webkit)-)?keyframes\s+[\w-]+\s*\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}/g;

function nestInViewer(css: string): string {
  const keyframes = [...css.matchAll(KEYFRAMES)].flatMap(([block, prefix]) => (prefix === undefined ? [block] : []));
  return `.volume-viewer {\n${css.replace(KEYFRAMES, "").replace(/:root\b/g, "&")}\n}\n${keyframes.join("\n")}\n`;
}

/** neuroglancer styles bare names such as `.overlay` and `:root`: its rules are nested in our viewer's class, so that none reaches the page. */
function neuroglancerStyles(): Plugin {
  return {
    name: "neuroglancer-styles",
    enforce: "pre",
    transform: {
      filter: { id: /(neuroglancer[\\/]lib|node_modules[\\/]codemirror)[\\/].*\.css$/ },
      handler: (code) => ({ map: null, code: nestInViewer(code) }),
    },
  };
}

const NO_SCALES = "\0no-scales";
const NO_NICE_TICKS = "\0no-nice-ticks";

/**
 * recharts looks up scales of d3 by name, which keeps all of d3's time, colour and number formats in, and finds round ticks
 * with decimal arithmetic: our axes bring their own scales and ticks (`niceTicks="none"`).
 */
function withoutNamedScales(): Plugin {
  return {
    name: "without-named-scales",
    enforce: "pre",
    resolveId: {
      filter: { id: /^(victory-vendor\/d3-scale|\.\.\/\.\.\/util\/scale)$/ },
      handler(id, importer = "") {
        if (id === "victory-vendor/d3-scale")
          return /combine\w+Scale(Type)?\.js$/.test(importer) ? NO_SCALES : undefined;
        return /axisSelectors\.js$/.test(importer) ? NO_NICE_TICKS : undefined;
      },
    },
    load: {
      filter: { id: /no-(scales|nice-ticks)$/ },
      handler: (id) =>
        id === NO_SCALES
          ? "export {};"
          : "export const getNiceTickValues = () => []; export const getTickValuesFixedDomain = () => [];",
    },
  };
}

export default defineConfig({
  base: "./",
  plugins: [neuroglancerScripts(), neuroglancerStyles(), withoutNamedScales(), react()],
  resolve: {
    alias: [
      // The registry's ikonate lacks three icons that neuroglancer imports.
      {
        find: /^ikonate\/icons\/(code-alt|controls-alt|layers)\.svg/,
        replacement: fileURLToPath(new URL("./src/volumes/icons/$1.svg", import.meta.url)),
      },
    ],
    // All data reaches neuroglancer through our own key-value store, as zarr: nothing else of it is built in.
    conditions: [
      ...defaultClientConditions,
      "onnxruntime-web-use-extern-wasm",
      "neuroglancer/datasource:none_by_default",
      "neuroglancer/datasource/zarr:enabled",
      "neuroglancer/datasource/precomputed:enabled",
      "neuroglancer/kvstore:none_by_default",
      "neuroglancer/layer:none_by_default",
      "neuroglancer/layer/image:enabled",
      "neuroglancer/layer/segmentation:enabled",
    ],
  },
  // as our own server has it: isolated, so that threads may share memory
  server: {
    headers: { "Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Embedder-Policy": "credentialless" },
  },
  worker: {
    format: "es",
    plugins: () => [neuroglancerScripts()],
    // Many static hosts do not know that .mjs is a script, and then the browser refuses onnxruntime's.
    rolldownOptions: {
      output: {
        assetFileNames: ({ names }) => `assets/[name]-[hash]${names[0]?.endsWith(".mjs") ? ".js" : "[extname]"}`,
      },
    },
  },
  build: {
    target: "es2022",
    chunkSizeWarningLimit: 4096,
    modulePreload: { polyfill: false },
    // What the page needs to begin is one file: shared out over a dozen it compresses worse and takes more requests.
    rolldownOptions: { output: { codeSplitting: { groups: [{ name: "shell", tags: ["$initial"] }] } } },
  },
  optimizeDeps: {
    entries: ["index.html", "node_modules/neuroglancer/lib/{main,async_computation,chunk_worker}.bundle.js"],
    exclude: ["neuroglancer"],
  },
});
