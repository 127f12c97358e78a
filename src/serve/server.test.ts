import { mkdir, mkdtemp, rename, rm, symlink, truncate, unlink, utimes, writeFile } from "node:fs/promises";
import { createServer, type IncomingHttpHeaders, request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openServedDirectory } from "./served-directory.ts";
import { defaultPort, type RunningServer, startServer } from "./server.ts";

type Answer = { readonly status: number; readonly headers: IncomingHttpHeaders; readonly body: Buffer };

let folder: string;
let base: string;
let server: RunningServer;
let asked: Parameters<typeof startServer>[0];

/** As raw as the wire: fetch would tidy `..` away before it is sent. */
function ask(
  path: string,
  options: { method?: string; headers?: Record<string, string>; port?: number } = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const asking = request({
      host: "127.0.0.1",
      port: options.port ?? server.port,
      path,
      method: options.method ?? "GET",
      headers: options.headers ?? {},
    });
    asking.on("error", reject).on("response", (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk)).on("error", reject);
      response.on("end", () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) }),
      );
    });
    asking.end();
  });
}

const text = async (path: string) => (await ask(path)).body.toString();
const json = async (path: string) => JSON.parse(await text(path)) as unknown;
const names = async (path: string) =>
  ((await json(path)) as { entries: { name: string }[] }).entries.map(({ name }) => name);

async function put(path: string, content: string): Promise<void> {
  await mkdir(join(folder, path, ".."), { recursive: true });
  await writeFile(join(folder, path), content);
}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "serve-test-"));
  base = join(folder, "base");
  await put("secret", "not yours");
  await put("app/index.html", "<!doctype html><title>viewer</title>");
  await put("app/assets/main-abc.js", "export {}");
  await put("base/configs/runs/one.yaml", "task_config:\n  __type__: AffinitiesTaskConfig\n  name: affs\nname: one\n");
  await put("base/configs/runs/other.yaml", "name: other\n");
  await put("base/configs/tasks/affs.yaml", "name: affs\n");
  await put("base/configs/tasks/unrelated.yaml", "name: unrelated\n");
  await put("base/stats/training_stats/one", "0123456789");
  await put("base/stats/training_stats/other", "others");
  await put("base/stats/validation_scores/one.json", "[]");
  await put("base/one/validation.zarr/inputs/crop/raw/.zarray", "{}");
  await put(
    "base/one/validation.zarr/200/ds_a/output/Watershed(id=2, bias=0.5, context=(32, 32, 32))/.zattrs",
    '{"a":1}',
  );
  await put("base/one/notes.html", "<script>alert(1)</script>");
  await put("base/other/checkpoints/iterations/10", "weights");
  asked = {
    appFolder: join(folder, "app"),
    served: {
      directories: [await openServedDirectory(base), await openServedDirectory(join(base, "one"))],
      demo: false,
    },
    host: "127.0.0.1",
    port: 0,
    embedOrigins: ["https://dash.example.org"],
  };
  server = await startServer(asked);
});

afterEach(async () => {
  await server.close();
  await rm(folder, { recursive: true });
});

describe("what is served", () => {
  test("a runs base lies under /data/0/, dot files of zarr and names with spaces and commas included", async () => {
    expect(await text("/data/0/stats/training_stats/one")).toBe("0123456789");
    expect(await text("/data/0/one/validation.zarr/inputs/crop/raw/.zarray")).toBe("{}");
    const output = "Watershed%28id%3D2%2C%20bias%3D0.5%2C%20context%3D%2832%2C%2032%2C%2032%29%29";
    expect(await json(`/data/0/one/validation.zarr/200/ds_a/output/${output}/.zattrs`)).toEqual({ a: 1 });
    expect(
      await json(
        "/data/0/one/validation.zarr/200/ds_a/output/Watershed(id=2,%20bias=0.5,%20context=(32,%2032,%2032))/.zattrs",
      ),
    ).toEqual({ a: 1 });
  });

  test("a single run is shown as a base that holds its folder, its stats, its configs and nothing of other runs", async () => {
    expect(await names("/data/1/")).toEqual(["configs", "notes.html", "one", "stats", "validation.zarr"]);
    expect(await text("/data/1/one/validation.zarr/inputs/crop/raw/.zarray")).toBe("{}");
    expect(await text("/data/1/validation.zarr/inputs/crop/raw/.zarray")).toBe("{}");
    expect(await text("/data/1/stats/training_stats/one")).toBe("0123456789");
    expect(await text("/data/1/stats/validation_scores/one.json")).toBe("[]");
    expect(await names("/data/1/stats/")).toEqual(["training_stats", "validation_scores"]);
    expect(await names("/data/1/configs/")).toEqual(["runs", "tasks"]);
    expect(await names("/data/1/configs/runs/")).toEqual(["one.yaml"]);
    expect(await names("/data/1/configs/tasks/")).toEqual(["affs.yaml"]);
    for (const path of [
      "other/checkpoints/iterations/10",
      "stats/training_stats/other",
      "configs/runs/other.yaml",
      "configs/tasks/unrelated.yaml",
    ])
      expect((await ask(`/data/1/${path}`)).status, path).toBe(404);
  });

  test("a listing names files with their size and directories, sorted", async () => {
    const listing = (await json("/data/0/one/")) as {
      entries: { name: string; type: string; size?: number; modified: string }[];
    };
    expect(listing).toMatchObject({
      directory: true,
      entries: [
        { name: "notes.html", type: "file", size: 25 },
        { name: "validation.zarr", type: "directory" },
      ],
    });
    expect(new Date(listing.entries[0]?.modified ?? "").getTime()).toBeGreaterThan(0);
    expect((await ask("/data/0/one/")).headers["content-type"]).toBe("application/json");
  });

  test("a listing tells of the directories below where it is asked to, but not of what lies in arrays", async () => {
    const listing = async (path: string, accept: string) => {
      const { body, headers } = await ask(`/data/0/one/validation.zarr/${path}`, { headers: { Accept: accept } });
      expect(headers.vary).toContain("Accept");
      return JSON.parse(body.toString()) as { entries: readonly { name: string; entries?: unknown }[] };
    };
    await put("base/one/validation.zarr/inputs/crop/raw/0/0/0", "a chunk");
    const raw = [
      { name: ".zarray", type: "file" },
      { name: "0", type: "directory" },
    ];
    const { entries } = await listing("", "application/json;depth=4, text/html;q=0.9");
    expect(entries[1]).toMatchObject({ name: "inputs", entries: [{ name: "crop", entries: [{ entries: raw }] }] });
    const chunks = (await listing("inputs/crop/", "application/json;depth=4")).entries[0]?.entries;
    expect(chunks).toEqual(raw);
    expect(JSON.stringify(chunks)).not.toContain("entries");
    expect((await listing("", "application/json;depth=2")).entries[1]?.entries).toHaveLength(1);
    expect((await listing("", "text/html")).entries[1]).not.toHaveProperty("entries");
  });

  test("the start page learns which directories are served", async () => {
    const index = {
      directories: [
        { path: "data/0/", name: "base", kind: "base" },
        { path: "data/1/", name: "one", kind: "run", run: "one" },
      ],
      demo: false,
    };
    expect(await json("/data/index.json")).toMatchObject(index);
    expect(await names("/data/")).toEqual(["0", "1"]);
  });

  test("a directory without its slash is sent on to the one with it", async () => {
    const answer = await ask("/data/0/one/validation.zarr");
    expect([answer.status, answer.headers.location]).toEqual([301, "validation.zarr/"]);
    expect((await ask("/data/0")).status).toBe(404);
  });

  test("markup in a data directory is no page of the viewer's origin", async () => {
    const { headers } = await ask("/data/0/one/notes.html");
    expect(headers["content-type"]).toBe("application/octet-stream");
    expect(headers["x-content-type-options"]).toBe("nosniff");
    expect(headers["content-security-policy"]).toContain("sandbox");
  });
});

describe("what is not reachable", () => {
  test.each([
    "/data/0/../secret",
    "/data/0/..%2fsecret",
    "/data/0/%2e%2e/secret",
    "/data/0/%2e%2e%2fsecret",
    "/data/0/..%5csecret",
    "/data/0/one/../../secret",
    "/data/0//etc/passwd",
    "/data/0/%2fetc%2fpasswd",
    "/data/0/%00",
    "/data/0/one%00.yaml",
    "/data/0/%E0%A4%A",
    "/data/00/stats/",
    "/data/2/",
    "/data/-1/",
    "/data/0/./one/notes.html",
    "/data/1/../other/checkpoints/iterations/10",
    "/../secret",
    "/..%2fsecret",
    "/%2e%2e/secret",
    "/assets/../../secret",
    "/.built",
    "/data/constructor/",
    "/data/__proto__/",
  ])("%s", async (path) => {
    const answer = await ask(path);
    expect(answer.status).toBe(404);
    expect(answer.body.toString()).not.toContain("not yours");
  });

  test("what a symlink out of the directory leads to, file or folder, is absent and not listed", async () => {
    await symlink(join(folder, "secret"), join(base, "one/leak"));
    await symlink(folder, join(base, "one/leaks"));
    await symlink("../../secret", join(base, "one/relative"));
    await symlink(join(base, "missing"), join(base, "one/dangling"));
    for (const path of ["leak", "leaks/", "leaks/secret", "relative", "dangling"])
      expect((await ask(`/data/0/one/${path}`)).status, path).toBe(404);
    expect(await names("/data/0/one/")).toEqual(["notes.html", "validation.zarr"]);
  });

  test("a sibling directory whose name begins alike is not inside", async () => {
    await put("base-private/secret", "not yours");
    await symlink(join(folder, "base-private"), join(base, "one/sibling"));
    expect((await ask("/data/0/one/sibling/secret")).status).toBe(404);
  });

  test("a symlink that stays inside is followed, as DaCapo's best pointers need", async () => {
    await mkdir(join(base, "other/checkpoints/crop"));
    await symlink(join(base, "other/checkpoints/iterations/10"), join(base, "other/checkpoints/crop/voi"));
    expect(await text("/data/0/other/checkpoints/crop/voi")).toBe("weights");
    await symlink(join(base, "other/checkpoints/iterations/10"), join(base, "one/others"));
    expect((await ask("/data/1/one/others")).status).toBe(404);
  });

  test("nothing is written", async () => {
    for (const method of ["PUT", "POST", "DELETE", "PATCH"])
      expect((await ask("/data/0/one/notes.html", { method })).status).toBe(405);
  });
});

describe("how files are sent", () => {
  const stats = "/data/0/stats/training_stats/one";

  test.each([
    ["bytes=0-3", 206, "0123", "bytes 0-3/10"],
    ["bytes=4-", 206, "456789", "bytes 4-9/10"],
    ["bytes=-3", 206, "789", "bytes 7-9/10"],
    ["bytes=-30", 206, "0123456789", "bytes 0-9/10"],
    ["bytes=8-30", 206, "89", "bytes 8-9/10"],
    ["bytes=0-0", 206, "0", "bytes 0-0/10"],
    ["bytes=10-", 416, "", "bytes */10"],
    ["bytes=-0", 416, "", "bytes */10"],
    ["bytes=5-2", 200, "0123456789", undefined],
    ["bytes=0-1,4-5", 200, "0123456789", undefined],
    ["lines=0-1", 200, "0123456789", undefined],
  ])("Range: %s", async (range, status, body, contentRange) => {
    const answer = await ask(stats, { headers: { Range: range } });
    expect([answer.status, answer.body.toString(), answer.headers["content-range"]]).toEqual([
      status,
      body,
      contentRange,
    ]);
    expect(answer.headers["accept-ranges"]).toBe("bytes");
  });

  test("a known tag costs no bytes; every rewrite is another tag, even within the same second and of the same size", async () => {
    const etag = (await ask(stats)).headers.etag ?? "";
    expect(etag).toMatch(/^"[^"]+"$/);
    const again = await ask(stats, { headers: { "If-None-Match": `"else", ${etag}` } });
    expect([again.status, again.body.length, again.headers.etag]).toEqual([304, 0, etag]);
    await utimes(join(base, "stats/training_stats/one"), 1_700_000_000, 1_700_000_000.001);
    const earlier = (await ask(stats)).headers.etag;
    await utimes(join(base, "stats/training_stats/one"), 1_700_000_000, 1_700_000_000.002);
    const later = await ask(stats, { headers: { "If-None-Match": earlier ?? "" } });
    expect([later.status, later.body.toString()]).toEqual([200, "0123456789"]);
  });

  test("an unchanged listing costs no bytes, a new file in it is told", async () => {
    const { headers } = await ask("/data/0/one/");
    const known = { headers: { "If-None-Match": headers.etag ?? "" } };
    expect(await ask("/data/0/one/", known)).toMatchObject({ status: 304, body: Buffer.alloc(0) });
    await put("base/one/new", "");
    expect((await ask("/data/0/one/", known)).status).toBe(200);
  });

  test("a range of another version than If-Range names is the whole file", async () => {
    const etag = (await ask(stats)).headers.etag ?? "";
    expect((await ask(stats, { headers: { Range: "bytes=0-1", "If-Range": etag } })).status).toBe(206);
    expect((await ask(stats, { headers: { Range: "bytes=0-1", "If-Range": '"old"' } })).status).toBe(200);
  });

  test("HEAD tells the size and sends nothing; an empty file is a whole one", async () => {
    const head = await ask(stats, { method: "HEAD" });
    expect([head.status, head.headers["content-length"], head.body.length]).toEqual([200, "10", 0]);
    await put("base/one/empty", "");
    expect(await ask("/data/0/one/empty")).toMatchObject({
      status: 200,
      headers: { "content-length": "0" },
      body: Buffer.alloc(0),
    });
  });

  test("any origin may read, and may see what it needs to poll and to read parts", async () => {
    const { headers } = await ask(stats, { headers: { Origin: "https://elsewhere.example" } });
    expect(headers["access-control-allow-origin"]).toBe("*");
    for (const name of ["ETag", "Content-Range", "Content-Length", "Last-Modified", "Accept-Ranges"])
      expect(headers["access-control-expose-headers"]).toContain(name);
    expect(headers["cross-origin-resource-policy"]).toBe("cross-origin");
    expect(headers["cache-control"]).toBe("no-cache");
    const preflight = await ask(stats, {
      method: "OPTIONS",
      headers: { Origin: "https://elsewhere.example", "Access-Control-Request-Headers": "range" },
    });
    expect([preflight.status, preflight.headers["access-control-allow-origin"]]).toEqual([204, "*"]);
    expect(preflight.headers["access-control-allow-headers"]).toMatch(/range/i);
  });

  test("a file that is replaced or deleted between two reads is simply new, or absent", async () => {
    await put("base/next", "another");
    await rename(join(base, "next"), join(base, "stats/training_stats/one"));
    expect(await text(stats)).toBe("another");
    await unlink(join(base, "stats/training_stats/one"));
    expect((await ask(stats)).status).toBe(404);
  });

  test("a file truncated while it is sent breaks the connection instead of passing for whole", async () => {
    const path = join(base, "one/large");
    await writeFile(path, Buffer.alloc(64 * 1024 * 1024));
    const outcome = await new Promise<string>((resolve) => {
      const asking = request({ host: "127.0.0.1", port: server.port, path: "/data/0/one/large" });
      asking
        .on("error", () => resolve("broken"))
        .on("response", (response) => {
          response.once("data", () => {
            response.pause();
            void truncate(path, 1000).then(() => response.resume());
          });
          response
            .on("aborted", () => resolve("broken"))
            .on("error", () => resolve("broken"))
            .on("end", () => resolve("whole"));
        });
      asking.end();
    });
    expect(outcome).toBe("broken");
    expect((await ask("/data/0/one/large")).body.length).toBe(1000);
  });
});

describe("the app", () => {
  test("is served beside the data, its hashed files kept by the browser", async () => {
    expect((await ask("/")).body.toString()).toContain("viewer");
    expect((await ask("/?run=data/0/one")).headers["cache-control"]).toBe("no-cache");
    expect((await ask("/assets/main-abc.js")).headers["cache-control"]).toContain("immutable");
  });

  test("is isolated from other pages, so that threads may share memory, and may lie in a page that is", async () => {
    for (const path of ["/", "/assets/main-abc.js", "/nothing-here"])
      expect((await ask(path)).headers, path).toMatchObject({
        "cross-origin-opener-policy": "same-origin",
        "cross-origin-embedder-policy": "credentialless",
        "cross-origin-resource-policy": "cross-origin",
      });
  });

  test("may be built anew while it is served: new files are found, and one that is gone is a 404", async () => {
    await put("app/assets/main-def.js", "export const second = 2;");
    await rm(join(folder, "app/assets/main-abc.js"));
    expect(await text("/assets/main-def.js")).toBe("export const second = 2;");
    expect((await ask("/assets/main-abc.js")).status).toBe(404);
    expect((await ask("/")).status).toBe(200);
  });

  test("may be framed by its own origin, by pages of this machine and by the given origins, which embed.json lists", async () => {
    expect((await ask("/")).headers["content-security-policy"]).toBe(
      "frame-ancestors 'self' http://localhost:* https://localhost:* http://127.0.0.1:* https://127.0.0.1:* https://dash.example.org",
    );
    expect(await json("/embed.json")).toEqual({ origins: ["https://dash.example.org"] });
  });

  test("on other addresses than loopback ones, pages of this machine may not frame it", async () => {
    const open = await startServer({ ...asked, host: "0.0.0.0", embedOrigins: [] });
    const { headers } = await ask("/", { port: open.port });
    await open.close();
    expect(headers["content-security-policy"]).toBe("frame-ancestors 'self'");
  });
});

describe("the port", () => {
  test("is the next free one where the default is taken", async () => {
    const first = await startServer({ ...asked, port: undefined });
    const second = await startServer({ ...asked, port: undefined });
    await Promise.all([first.close(), second.close()]);
    expect(first.port).toBeGreaterThanOrEqual(defaultPort);
    expect(second.port).toBeGreaterThan(first.port);
  });

  test("is refused with a sentence where the one that was asked for is taken", async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
    const { port } = other.address() as { port: number };
    await expect(startServer({ ...asked, port })).rejects.toMatchObject({
      tag: "taken",
      message: expect.stringContaining(`Port ${port} is taken`),
    });
    await new Promise((resolve) => other.close(resolve));
  });

  test("localhost answers on IPv4", async () => {
    const local = await startServer({ ...asked, host: "localhost" });
    expect((await ask("/", { port: local.port })).status).toBe(200);
    await local.close();
  });

  test("a host that is not this machine's is named", async () => {
    await expect(startServer({ ...asked, host: "192.0.2.1" })).rejects.toMatchObject({ tag: "no-such-host" });
  });
});
