import { join, resolve } from "node:path";
import { build } from "vite";
import site from "../vite.config.ts";
import { libBundle, withoutPreloading, withoutSecondWorker } from "./lib-bundle.ts";
import { writeTypes } from "./write-types.ts";

// The library: `lib/`, beside the site in `dist/`. Everything is bundled but the React of the component, which is the page's.

const root = resolve(import.meta.dirname, "..");
const outDir = join(root, "lib");

process.env.NODE_ENV = "production";
await build({
  ...site,
  root,
  configFile: false,
  logLevel: "warn",
  publicDir: false,
  plugins: [withoutSecondWorker(), withoutPreloading(), ...(site.plugins ?? []), libBundle()],
  worker: {
    ...site.worker,
    // bundlers that take the library in make each worker one script, which they cannot split, and know modules by .mjs
    rolldownOptions: { output: { codeSplitting: false, assetFileNames: "assets/[name]-[hash][extname]" } },
  },
  build: {
    ...site.build,
    outDir,
    emptyOutDir: true,
    cssCodeSplit: false,
    modulePreload: false,
    rolldownOptions: {
      input: { "dacapo-run-viewer": join(root, "src/lib.ts"), index: join(root, "src/lib-react.ts") },
      preserveEntrySignatures: "strict",
      external: (id, importer) => id === "react" && importer !== undefined && /src\/run-viewer\.ts$/.test(importer),
      output: { entryFileNames: "[name].js", chunkFileNames: "chunks/[name]-[hash].js" },
    },
  },
});
await writeTypes(root, outDir);
