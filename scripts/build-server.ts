import { join } from "node:path";
import { build } from "vite";

/** Bundles the command-line server, with what it needs from packages, into one folder that runs under plain Node. */
export async function buildServer(root: string, outDir: string): Promise<void> {
  await build({
    root,
    configFile: false,
    logLevel: "warn",
    publicDir: false,
    ssr: { noExternal: true },
    build: {
      ssr: join(root, "src/serve/main.ts"),
      outDir,
      emptyOutDir: true,
      target: "node20",
      rolldownOptions: { output: { entryFileNames: "main.js" } },
    },
  });
}
