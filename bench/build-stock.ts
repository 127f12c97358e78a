import { join, resolve } from "node:path";
import { build, type Plugin } from "vite";

const root = resolve(import.meta.dirname, "..");

/** Vite sees a worker only where nothing stands between `new Worker(` and `new URL(`; nothing else of it is changed. */
function neuroglancerWorkers(): Plugin {
  return {
    name: "neuroglancer-workers",
    enforce: "pre",
    transform: {
      filter: { id: /neuroglancer[\\/]lib[\\/].*\.js$/, code: /webpackChunkName/ },
      handler: (code) => ({ map: null, code: code.replace(/\/\* webpackChunkName:[^*]*\*\//g, "") }),
    },
  };
}

/** The stock client of the same neuroglancer version, built as it comes, into `outDir`. */
export async function buildStock(outDir: string): Promise<void> {
  await build({
    root: join(root, "bench/stock"),
    configFile: false,
    logLevel: "warn",
    base: "./",
    publicDir: false,
    plugins: [neuroglancerWorkers()],
    resolve: {
      alias: [
        {
          find: /^ikonate\/icons\/(code-alt|controls-alt|layers)\.svg/,
          replacement: join(root, "src/volumes/icons/$1.svg"),
        },
      ],
    },
    worker: { format: "es", plugins: () => [neuroglancerWorkers()] },
    build: { outDir, emptyOutDir: true, target: "es2022", chunkSizeWarningLimit: 8192 },
  });
}
