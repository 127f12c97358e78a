#!/usr/bin/env node
// Builds when the build is missing or older than its sources, then serves. An installed package holds the build and no sources.
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

const root = resolve(import.meta.dirname, "..");
const sources = [
  "src",
  "public",
  "index.html",
  "vite.config.ts",
  "package.json",
  "scripts/build.ts",
  "scripts/build-server.ts",
];

const timeOf = (path) => (existsSync(path) ? statSync(path).mtimeMs : 0);

function newest(path) {
  if (!existsSync(path)) return 0;
  if (!statSync(path).isDirectory()) return timeOf(path);
  const inside = readdirSync(path, { recursive: true }).map((name) => timeOf(join(path, name)));
  return Math.max(timeOf(path), ...inside);
}

function isStale() {
  const built = Math.min(timeOf(join(root, "dist/.built")), timeOf(join(root, "dist-serve/main.js")) || 0);
  return built === 0 || sources.some((path) => newest(join(root, path)) > timeOf(join(root, "dist/.built")));
}

if (existsSync(join(root, "src")) && isStale()) {
  if (process.stderr.isTTY) process.stderr.write("Building the viewer, once (about a minute)...\n");
  const build = spawnSync(process.execPath, [join(root, "bin/run-ts.js"), join(root, "scripts/build.ts")], {
    cwd: root,
    encoding: "utf8",
  });
  if (build.status !== 0) {
    process.stderr.write(`${build.stdout}${build.stderr}The build failed: see above.\n`);
    process.exit(1);
  }
}
await import(pathToFileURL(join(root, "dist-serve/main.js")).href);
