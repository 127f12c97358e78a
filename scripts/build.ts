import { createReadStream, createWriteStream } from "node:fs";
import { readdir, stat, writeFile } from "node:fs/promises";
import { extname, join, resolve } from "node:path";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
import { build } from "vite";
import { buildServer } from "./build-server.ts";

const root = resolve(import.meta.dirname, "..");
const dist = join(root, "dist");

/** Compressed once, here: servers that know `.gz` files beside the plain ones (ours, nginx's gzip_static) send those. */
const compressible = new Set([".js", ".css", ".html", ".json", ".svg", ".wasm"]);
const smallestCompressed = 1024;

async function compress(path: string): Promise<void> {
  await pipeline(createReadStream(path), createGzip({ level: 9 }), createWriteStream(`${path}.gz`));
}

async function compressAll(folder: string): Promise<void> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  for (const entry of entries.filter((found) => found.isFile() && compressible.has(extname(found.name)))) {
    const path = join(entry.parentPath, entry.name);
    if ((await stat(path)).size >= smallestCompressed) await compress(path);
  }
}

// The loader of this file is Vite as well, and has set it to development: React would be built with its checks.
process.env.NODE_ENV = "production";
await build({ root, configFile: join(root, "vite.config.ts"), logLevel: "warn" });
await compressAll(dist);
await buildServer(root, join(root, "dist-serve"));
// Written last: a build that was stopped half-way has no stamp and is done again.
await writeFile(join(dist, ".built"), "");
