import { spawnSync } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, relative, resolve } from "node:path";

const IMPORTS = /(from |import\()"([#.][^"]+)\.tsx?"/g;

/** Where an import of the sources lies below them: `#state/x` and `./x` alike. */
function toSource(path: string, from: string): string {
  return path.startsWith("#") ? path.slice(1) : join(dirname(from), path);
}

function toSpecifier(target: string, from: string): string {
  const path = relative(dirname(from), target).replaceAll("\\", "/");
  return path.startsWith(".") ? path : `./${path}`;
}

/**
 * Writes the declarations of what the library exports, and of all that they name, below `types/`: other files of the sources
 * are nobody's business. @throws Error where the compiler reports anything
 */
export async function writeTypes(root: string, outDir: string): Promise<void> {
  const emitted = await mkdtemp(join(tmpdir(), "types-"));
  const args = ["-p", "tsconfig.app.json", "--noEmit", "false", "--declaration", "--emitDeclarationOnly"];
  const compiler = join(root, "node_modules/typescript/bin/tsc");
  const run = spawnSync(process.execPath, [compiler, ...args, "--rootDir", "src", "--outDir", emitted], { cwd: root });
  if (run.status !== 0) throw new Error(`The declarations of the library cannot be written: ${run.stdout}`);
  const waiting = ["lib-react"];
  const done = new Set<string>();
  for (let source = waiting.pop(); source !== undefined; source = waiting.pop()) {
    if (done.has(source)) continue;
    done.add(source);
    const code = await readFile(join(emitted, `${source}.d.ts`), "utf8");
    const from = source;
    const target = resolve(outDir, "types", `${source}.d.ts`);
    await mkdir(dirname(target), { recursive: true });
    await writeFile(
      target,
      code.replace(IMPORTS, (_, word: string, path: string) => {
        const found = toSource(path, from);
        waiting.push(found);
        return `${word}"${toSpecifier(found, from)}.js"`;
      }),
    );
  }
  await rm(emitted, { recursive: true });
}
