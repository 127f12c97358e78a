#!/usr/bin/env node
// Runs one TypeScript module of this project's tooling through Vite, which is installed anyway: Node 20 does not read TypeScript itself.
import { pathToFileURL } from "node:url";
import { runnerImport } from "vite";

const [file, ...args] = process.argv.slice(2);
if (file === undefined) {
  console.error("Usage: node bin/run-ts.js FILE.ts [ARGUMENTS]: name the TypeScript file to run.");
  process.exit(2);
}
process.argv = [process.argv[0], file, ...args];
await runnerImport(pathToFileURL(file).pathname);
