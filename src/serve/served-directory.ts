// serve/ is the command-line server: it owns arguments, ports, static files and what of the disk may be read, and knows nothing of charts or volumes.
// It serves bytes as they lie on the disk; what they mean is storage's. Nothing outside the given directories leaves it.
import { readdir, readFile, realpath, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { snapshotContainer, toConfigPath, toStatsPath, validationContainer } from "#storage/run-layout.ts";
import { namedConfigPaths } from "./run-configs.ts";

/**
 * A place of the disk shown at a place of the served tree. `at` is the path below `/data/<n>/`; `path` may not exist yet, or for a moment;
 * what it leads to must lie within `within`, a real path.
 */
export type Graft = { readonly at: readonly string[]; readonly path: string; readonly within: string };

/** A directory given on the command line: a runs base, or one run folder, which is shown as a base that holds nothing but that run. */
export type ServedDirectory = {
  readonly kind: "base" | "run";
  readonly name: string;
  readonly grafts: readonly Graft[];
};

/** A directory that cannot be served; the message is for the person who gave it. */
export class DirectoryError extends Error {
  readonly tag: "missing" | "not-a-directory" | "not-dacapo" | "forbidden";
  readonly path: string;
  constructor(tag: DirectoryError["tag"], path: string, message: string, cause?: unknown) {
    super(message, { cause });
    this.name = "DirectoryError";
    this.tag = tag;
    this.path = path;
  }
}

const runFolders = ["checkpoints", validationContainer(""), snapshotContainer("")];
const statsKinds = ["training", "validation"] as const;

/** Looks at what lies in `path`. @throws DirectoryError */
export async function openServedDirectory(path: string): Promise<ServedDirectory> {
  const real = await realDirectory(path);
  if (await isBase(real)) return { kind: "base", name: basename(real), grafts: [{ at: [], path: real, within: real }] };
  if (await isRun(real)) return openRun(real);
  throw new DirectoryError(
    "not-dacapo",
    path,
    `${path} is neither a DaCapo runs base directory (no configs/ or stats/ and no run folder in it) nor a run folder (no ${runFolders.join(", ")}): give the folder that holds configs/ and stats/, or one run inside it.`,
  );
}

async function realDirectory(path: string): Promise<string> {
  try {
    const real = await realpath(path);
    if ((await stat(real)).isDirectory()) return real;
  } catch (cause) {
    throw unreadable(path, cause);
  }
  throw new DirectoryError(
    "not-a-directory",
    path,
    `${path} is a file: give the directory that holds configs/ and stats/, or one run folder inside it.`,
  );
}

function unreadable(path: string, cause: unknown): DirectoryError {
  const code = (cause as NodeJS.ErrnoException).code;
  if (code === "EACCES" || code === "EPERM")
    return new DirectoryError(
      "forbidden",
      path,
      `${path} may not be read by this user: change its permissions or give another directory.`,
      cause,
    );
  return new DirectoryError(
    "missing",
    path,
    `There is no directory ${path}: check the spelling, or give the path from the root.`,
    cause,
  );
}

async function isBase(path: string): Promise<boolean> {
  if ((await isDirectory(join(path, "configs", "runs"))) || (await isDirectory(join(path, "stats")))) return true;
  if (await hasRunFolder(path)) return false;
  const children = await readdir(path, { withFileTypes: true });
  const folders = children.filter((child) => child.isDirectory());
  return (await Promise.all(folders.map((child) => hasRunFolder(join(path, child.name))))).includes(true);
}

/** A run whose training has just begun has a config and no folder of its own content yet. */
async function isRun(path: string): Promise<boolean> {
  return (await hasRunFolder(path)) || (await isFile(join(dirname(path), "configs", "runs", `${basename(path)}.yaml`)));
}

async function hasRunFolder(path: string): Promise<boolean> {
  return (await Promise.all(runFolders.map((name) => isDirectory(join(path, name))))).includes(true);
}

async function openRun(path: string): Promise<ServedDirectory> {
  const base = dirname(path);
  const run = basename(path);
  const text = await readFile(join(base, "configs", toConfigPath("runs", run)), "utf8").catch(() => "");
  return { kind: "run", name: run, grafts: planRunGrafts(base, run, namedConfigPaths(text)) };
}

/** What of `base` belongs to `run`: its folder (at the top, and under its own name), its stats, its config and those that its config names. */
export function planRunGrafts(base: string, run: string, configPaths: readonly string[]): readonly Graft[] {
  const folder = join(base, run);
  const stats = statsKinds.flatMap((kind) => [toStatsPath(kind, run, "pickle"), toStatsPath(kind, run, "json")]);
  const configs = [toConfigPath("runs", run), ...configPaths];
  const files = [...stats.map((path) => `stats/${path}`), ...configs.map((path) => `configs/${path}`)];
  return [
    { at: [], path: folder, within: folder },
    { at: [run], path: folder, within: folder },
    ...files.map((path) => ({ at: path.split("/"), path: join(base, path), within: base })),
  ];
}

const isDirectory = (path: string) =>
  stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
const isFile = (path: string) =>
  stat(path).then(
    (found) => found.isFile(),
    () => false,
  );
