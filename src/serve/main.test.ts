import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { cp, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { buildServer } from "../../scripts/build-server.ts";

const root = resolve(import.meta.dirname, "../..");
const fixtures = join(root, "e2e/fixtures/runs");
let project: string;

/** The built server in a project of its own, with a page that stands for the app. */
beforeAll(async () => {
  project = await mkdtemp(join(tmpdir(), "serve-main-"));
  await buildServer(root, join(project, "dist-serve"));
  await mkdir(join(project, "dist"));
  await writeFile(join(project, "dist/index.html"), "<!doctype html><title>viewer</title>");
  await cp(join(root, "demo"), join(project, "demo"), { recursive: true });
}, 60_000);

afterAll(() => rm(project, { recursive: true }));

const start = (words: readonly string[], env: Record<string, string> = {}): ChildProcess =>
  spawn(process.execPath, [join(project, "dist-serve/main.js"), ...words], {
    cwd: fixtures,
    env: { ...process.env, ...env },
    stdio: "pipe",
  });

async function runToEnd(words: readonly string[]): Promise<{ code: number | null; stderr: string }> {
  const child = start(words);
  let stderr = "";
  child.stderr?.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
  await once(child, "close");
  return { code: child.exitCode, stderr };
}

/** The one printed line, an answer from the server behind it, and how it ends when told to. */
async function runUntil(words: readonly string[], signal: NodeJS.Signals, path: string, env?: Record<string, string>) {
  const child = start(words, env);
  const [line] = (await once(child.stdout ?? child, "data")) as [Buffer];
  const url = line.toString();
  const answer: unknown = await (await fetch(new URL(path, url.trim()))).json();
  child.kill(signal);
  await once(child, "close");
  return { url, answer, code: child.exitCode };
}

test("without a directory the demo is served and its run is opened; SIGTERM ends it well", async () => {
  const { url, answer, code } = await runUntil(["--port", "0"], "SIGTERM", "data/index.json");
  expect(url).toMatch(/^http:\/\/localhost:\d+\/\?run=data\/0\/vnc_mito_distance\n$/);
  expect(answer).toMatchObject({ demo: true, directories: [{ path: "data/0/", name: "demo", kind: "base" }] });
  expect(code).toBe(0);
});

test("a base directory, relative to where one stands, opens its runs; SIGINT ends it well", async () => {
  const { url, answer, code } = await runUntil([".", "--port", "0"], "SIGINT", "data/0/");
  expect(url).toMatch(/\/\?runs=data\/0\/\n$/);
  expect(answer).toMatchObject({ directory: true });
  expect(code).toBe(0);
});

test("a run folder opens that run, named from where npm was called", async () => {
  const env = { npm_lifecycle_event: "start", INIT_CWD: join(root, "e2e") };
  const { url, answer } = await runUntil(
    ["fixtures/runs/vnc_rawgt_distance", "--port", "0"],
    "SIGTERM",
    "data/0/",
    env,
  );
  expect(url).toMatch(/\/\?run=data\/0\/vnc_rawgt_distance\n$/);
  expect(answer).toMatchObject({
    entries: [
      { name: "checkpoints" },
      { name: "configs" },
      { name: "stats" },
      { name: "validation.zarr" },
      { name: "vnc_rawgt_distance" },
    ],
  });
});

test.each([
  [["no/such/directory"], /There is no directory .*no\/such\/directory/],
  [["configs/runs/vnc_rawgt_distance.yaml"], /is a file: give the directory/],
  [["configs/runs"], /neither a DaCapo runs base directory .* nor a run folder/],
  [["--port", "x"], /--port takes a whole number/],
  [["--bogus"], /Unknown option '--bogus'.*--help/],
  [["--host", "192.0.2.1"], /This machine has no address 192\.0\.2\.1/],
])("%j ends with 2 and one line that says what to do", async (words, message) => {
  const { code, stderr } = await runToEnd(words);
  expect(code).toBe(2);
  expect(stderr).toMatch(message);
  expect(stderr.trimEnd()).not.toContain("\n");
});

test("a port that was asked for and is taken ends with 1 and one line", async () => {
  const other = createServer().listen(0, "127.0.0.1");
  await once(other, "listening");
  const { port } = other.address() as { port: number };
  const { code, stderr } = await runToEnd(["--port", String(port)]);
  other.close();
  expect([code, stderr]).toEqual([
    1,
    `Port ${port} is taken: give another with --port, or leave --port out to find a free one.\n`,
  ]);
});
