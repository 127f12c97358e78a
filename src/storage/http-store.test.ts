import { describe, expect, test } from "vitest";
import { HttpConnection } from "./http-connection.ts";
import type { HttpEnvironment } from "./http-failure.ts";
import { HttpStore, toHttpStore } from "./http-store.ts";
import { toS3Store } from "./s3-store.ts";

type Answer = (url: URL, init: RequestInit) => Response | Promise<Response>;

const headersOf = (init: RequestInit) => new Headers(init.headers);

/** A page of `origin` whose network is `answer`; what was asked is kept. */
function toPage(answer: Answer, { origin = "https://viewer.org", online = true } = {}) {
  const asked: string[] = [];
  const environment: HttpEnvironment = {
    origin,
    isOnline: () => online,
    fetch: async (url, init) => {
      asked.push([init.mode === "no-cors" ? "no-cors" : (init.method ?? "GET"), ...headersOf(init)].join(" "));
      return answer(new URL(url), init);
    },
  };
  return { asked, environment };
}

/** What a browser does when the server forbids the page to read: the request fails, unless it asks for nothing back. */
const forbidding: Answer = (_, { mode }) => {
  if (mode === "no-cors") return new Response();
  throw new TypeError("Failed to fetch");
};

const unreachable: Answer = () => {
  throw new TypeError("Failed to fetch");
};

const DATA = "https://data.org/base";

describe("what a person is told when a read fails", () => {
  const failure = async (answer: Answer, url = DATA, options = {}) => {
    const error: unknown = await toHttpStore(url, toPage(answer, options).environment)
      .read("run")
      .catch((thrown) => thrown);
    return error;
  };

  test("the server forbids pages of this origin (CORS): the header to add", async () => {
    const setting = expect.stringContaining("Access-Control-Allow-Origin: https://viewer.org");
    expect(await failure(forbidding)).toMatchObject({ tag: "cors", subject: `${DATA}/run`, setting });
  });

  test("nobody answers", async () => {
    expect(await failure(unreachable)).toMatchObject({ tag: "unreachable", subject: `${DATA}/run` });
  });

  test("the computer is offline", async () => {
    const message = expect.stringContaining("offline");
    expect(await failure(unreachable, DATA, { online: false })).toMatchObject({ tag: "unreachable", message });
  });

  test("an https page reads from http, but may from this computer", async () => {
    expect(await failure(unreachable, "http://data.org")).toMatchObject({ tag: "mixed-content" });
    expect(await failure(unreachable, "http://localhost:8000")).toMatchObject({ tag: "unreachable" });
  });

  test("a failure on the page's own origin is not CORS", async () => {
    expect(await failure(forbidding, "https://viewer.org/data")).toMatchObject({ tag: "unreachable" });
  });

  test.each([
    [401, "forbidden"],
    [403, "forbidden"],
    [500, "server-error"],
    [503, "server-error"],
    [429, "server-error"],
  ])("status %d is %s, never absent", async (status, tag) => {
    expect(await failure(() => new Response("no", { status }))).toMatchObject({
      tag,
      message: expect.stringContaining(`${status}`),
    });
  });

  test.each([
    ["a login page", "<!DOCTYPE html><title>Sign in</title>", "text/html; charset=utf-8"],
    ["a page without a type", "  <html><body>", ""],
    ["data declared as a page", "abc", "text/html"],
  ])("%s is not data", async (_, body, type) => {
    const answer = () => new Response(body, { headers: type === "" ? {} : { "content-type": type } });
    expect(await failure(answer)).toMatchObject({ tag: "wrong-content" });
  });

  test("fewer bytes than announced, or a body that breaks off", async () => {
    expect(await failure(() => new Response("abc", { headers: { "content-length": "10" } }))).toMatchObject({
      tag: "short-read",
    });
    const broken = () =>
      new Response(
        new ReadableStream({
          start(controller) {
            controller.enqueue(new Uint8Array(3));
            controller.error(new TypeError("network error"));
          },
        }),
      );
    expect(await failure(broken)).toMatchObject({ tag: "short-read" });
  });

  test("more bytes than allowed, announced or not", async () => {
    const read = (answer: Answer) => toHttpStore(DATA, toPage(answer).environment).read("run", { maxBytes: 100 });
    await expect(read(() => new Response("", { headers: { "content-length": "101" } }))).rejects.toMatchObject({
      tag: "too-large",
    });
    let sent = 0;
    const endless = () =>
      new Response(new ReadableStream({ pull: (controller) => controller.enqueue(new Uint8Array(++sent && 60)) }));
    await expect(read(endless)).rejects.toMatchObject({ tag: "too-large" });
    expect(sent).toBeLessThan(10);
  });

  test("404 and 410 are absent", async () => {
    for (const status of [404, 410]) {
      const store = toHttpStore(DATA, toPage(() => new Response("<html>", { status })).environment);
      expect(await store.read("run")).toEqual({ status: "absent" });
    }
  });
});

describe("servers that set CORS headers on good answers only", () => {
  const answer: Answer = (url, init) => (url.pathname.endsWith("there") ? new Response("abc") : forbidding(url, init));

  test("what fails after something else came through is absent", async () => {
    const store = toHttpStore(DATA, toPage(answer).environment);
    await store.read("there");
    expect(await store.within("deeper").read("missing")).toEqual({ status: "absent" });
  });

  test("also when both are asked for at once", async () => {
    const store = toHttpStore(DATA, toPage(answer).environment);
    const reads = await Promise.all([store.read("missing"), store.read("there")]);
    expect(reads.map(({ status }) => status)).toEqual(["absent", "found"]);
  });

  test("a server that goes away is not an absent file", async () => {
    let isAway = false;
    const { environment } = toPage((url, init) => (isAway ? unreachable(url, init) : answer(url, init)));
    const store = toHttpStore(DATA, environment);
    await store.read("there");
    isAway = true;
    await expect(store.read("missing")).rejects.toMatchObject({ tag: "unreachable" });
  });
});

describe("a bucket without public listing, which says 403 for a missing key", () => {
  const answer: Answer = ({ pathname }) =>
    pathname.endsWith("there") ? new Response("abc") : new Response("AccessDenied", { status: 403 });
  const open = () => toS3Store({ bucketUrl: "https://b.s3.amazonaws.com", key: "base" }, toPage(answer).environment);

  test("a missing key is absent once another was read, a private bucket is forbidden", async () => {
    const store = open();
    await expect(store.read("missing")).rejects.toMatchObject({ tag: "forbidden" });
    await store.read("there");
    expect(await store.read("missing")).toEqual({ status: "absent" });
    expect(await store.list("")).toBeUndefined();
  });

  test("any other server's 403 stays forbidden", async () => {
    const store = toHttpStore(DATA, toPage(answer).environment);
    await store.read("there");
    await expect(store.read("secret")).rejects.toMatchObject({ tag: "forbidden" });
  });
});

describe("asking for changes", () => {
  const STAMP = { etag: '"1"', lastModified: "Tue, 14 Nov 2023 22:13:20 GMT" };

  test("the browser's cache is left out and the ETag is sent", async () => {
    const { asked, environment } = toPage((_, init) => {
      expect(init.cache).toBe("no-store");
      return new Response(null, { status: headersOf(init).get("if-none-match") === '"1"' ? 304 : 500 });
    });
    expect(await toHttpStore(DATA, environment).read("run", { unless: STAMP })).toEqual({ status: "unchanged" });
    expect(asked).toEqual(['GET if-none-match,"1"']);
  });

  test("a server that refuses the headers is asked without them from then on, and its answer compared", async () => {
    const answer: Answer = (url, init) =>
      headersOf(init).has("if-none-match")
        ? forbidding(url, init)
        : new Response("abc", { headers: { etag: 'W/"1"' } });
    const { asked, environment } = toPage(answer);
    const store = toHttpStore(DATA, environment);
    expect(await store.read("run", { unless: STAMP })).toEqual({ status: "unchanged" });
    expect(await store.read("run", { unless: STAMP })).toEqual({ status: "unchanged" });
    expect(asked).toEqual(['GET if-none-match,"1"', "GET", "GET"]);
  });

  test("a file written within the last two seconds may change again unseen: its time is not trusted", async () => {
    const now = "Tue, 14 Nov 2023 22:13:21 GMT";
    const headers = { "last-modified": STAMP.lastModified, date: now };
    const store = toHttpStore(DATA, toPage(() => new Response("abc", { headers })).environment);
    const first = await store.read("run");
    expect(first).toMatchObject({ status: "found", stamp: { recent: true } });
    const again = first.status === "found" && (await store.read("run", { unless: first.stamp }));
    expect(again).toMatchObject({ status: "found" });
  });
});

describe("ranges", () => {
  const bytes = new Uint8Array([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);

  test("of a server that ignores them are cut out, and the rest is not loaded", async () => {
    let sent = 0;
    const piecewise = () =>
      new Response(
        new ReadableStream({
          pull: (controller) => (sent < 10 ? controller.enqueue(bytes.slice(sent, ++sent)) : controller.close()),
        }),
      );
    const store = toHttpStore(DATA, toPage(piecewise).environment);
    expect(await store.readRange("run", { offset: 2, length: 3 })).toMatchObject({ bytes: new Uint8Array([2, 3, 4]) });
    expect(sent).toBeLessThan(8);
  });

  test("from the end are asked of another origin by size, without a preflight", async () => {
    const answer: Answer = (_, init) => {
      if (init.method === "HEAD") return new Response(null, { headers: { "content-length": "10" } });
      return new Response(bytes.slice(8), { status: 206, headers: { "content-range": "bytes 8-9/10" } });
    };
    const { asked, environment } = toPage(answer);
    const found = await toHttpStore(DATA, environment).readRange("run", { suffixLength: 2 });
    expect(found).toMatchObject({ bytes: new Uint8Array([8, 9]), stamp: { size: 10 } });
    expect(asked).toEqual(["HEAD", "GET range,bytes=8-9"]);
  });

  test("that come from elsewhere in the file are refused", async () => {
    const answer = () => new Response(bytes.slice(0, 2), { status: 206, headers: { "content-range": "bytes 0-1/10" } });
    const read = toHttpStore(DATA, toPage(answer).environment).readRange("run", { offset: 4, length: 2 });
    await expect(read).rejects.toMatchObject({ tag: "wrong-content" });
  });
});

describe("addresses", () => {
  const connection = new HttpConnection(toPage(unreachable).environment);
  const urlOf = (root: string, path: string) => new HttpStore(new URL(root), connection).urlOf(path);

  test("names are encoded whole, also those that DaCapo gives post-processors", () => {
    const path = "run/WatershedPostProcessorParameters(id=2, bias=0.5, context=(32, 32, 32))";
    const encoded =
      "run/WatershedPostProcessorParameters%28id%3D2%2C%20bias%3D0.5%2C%20context%3D%2832%2C%2032%2C%2032%29%29";
    expect(urlOf(`${DATA}/`, path)).toBe(`${DATA}/${encoded}`);
    expect(urlOf("https://data.org", "100%?#")).toBe("https://data.org/100%25%3F%23");
  });

  test("a query stays behind every path, a fragment goes", () => {
    expect(urlOf("https://data.org/a%20b/?token=x#y", "run")).toBe("https://data.org/a%20b/run?token=x");
  });
});
