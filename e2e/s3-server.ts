import { readdir, readFile, stat } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { join } from "node:path";

/** Public buckets differ in who may list them; a key that is not there is 403 to those who may not. */
export type BucketPolicy = { readonly listing: "allowed" | "forbidden" };

export type S3Server = {
  /** What `s3.endpoint=` takes. */
  readonly endpoint: string;
  /** Addresses that were asked for, with their query. */
  readonly asked: readonly string[];
  stop(): Promise<void>;
};

/** Few, so that every listing of ours comes in several pages. */
const keysPerPage = 3;

/** An S3 endpoint with one public bucket, addressed by path: objects, ranges, and ListObjectsV2 with a delimiter. */
export async function startS3Server(bucket: string, folder: string, policy: BucketPolicy): Promise<S3Server> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url ?? "");
    void answer(request, response);
  });

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? "/", "http://any");
    response.setHeader("Access-Control-Allow-Origin", "*");
    response.setHeader("Access-Control-Allow-Headers", "*");
    response.setHeader("Access-Control-Expose-Headers", "ETag, Content-Range, Content-Length, Last-Modified");
    if (request.method === "OPTIONS") return void response.writeHead(200).end();
    const [, first = "", ...rest] = url.pathname.split("/").map(decodeURIComponent);
    if (first !== bucket) return refuse(response, 404, "NoSuchBucket");
    if (url.searchParams.get("list-type") === "2") return list(url.searchParams, response);
    return send(rest.join("/"), request, response);
  }

  async function send(key: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const file = join(folder, key);
    const found = await stat(file).catch(() => undefined);
    if (!found?.isFile())
      return policy.listing === "allowed" ? refuse(response, 404, "NoSuchKey") : refuse(response, 403, "AccessDenied");
    const bytes = await readFile(file);
    response.setHeader("ETag", `"${found.size}-${found.mtimeMs}"`);
    response.setHeader("Last-Modified", found.mtime.toUTCString());
    const [, from = "", to = ""] = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? "") ?? [];
    const part = from === "" ? bytes : bytes.subarray(Number(from), to === "" ? undefined : Number(to) + 1);
    if (from !== "")
      response.setHeader("Content-Range", `bytes ${from}-${Number(from) + part.length - 1}/${bytes.length}`);
    response.writeHead(from === "" ? 200 : 206, { "Content-Length": part.length });
    response.end(request.method === "HEAD" ? undefined : part);
  }

  async function list(query: URLSearchParams, response: ServerResponse): Promise<void> {
    if (policy.listing === "forbidden") return refuse(response, 403, "AccessDenied");
    const prefix = query.get("prefix") ?? "";
    const entries = await readdir(join(folder, prefix), { withFileTypes: true }).catch(() => []);
    const sorted = entries.toSorted((a, b) => (a.name < b.name ? -1 : 1));
    const start = Number(query.get("continuation-token") ?? 0);
    const page = sorted.slice(start, start + keysPerPage);
    const next = start + keysPerPage < sorted.length ? String(start + keysPerPage) : undefined;
    const toXml = (name: string, isDirectory: boolean) =>
      isDirectory
        ? `<CommonPrefixes><Prefix>${escapeXml(`${prefix}${name}/`)}</Prefix></CommonPrefixes>`
        : `<Contents><Key>${escapeXml(prefix + name)}</Key><Size>1</Size></Contents>`;
    const token = next === undefined ? "" : `<NextContinuationToken>${next}</NextContinuationToken>`;
    const xml = `<?xml version="1.0" encoding="UTF-8"?>
<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Name>${bucket}</Name><Prefix>${escapeXml(prefix)}</Prefix><KeyCount>${page.length}</KeyCount><IsTruncated>${next !== undefined}</IsTruncated>${token}${page.map((entry) => toXml(entry.name, entry.isDirectory())).join("")}</ListBucketResult>`;
    response.writeHead(200, { "Content-Type": "application/xml" }).end(xml);
  }

  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" && address ? address.port : 0;
  return {
    endpoint: `http://127.0.0.1:${port}`,
    asked,
    stop: () => new Promise<void>((resolve) => void server.close(() => resolve()).closeAllConnections()),
  };
}

function refuse(response: ServerResponse, status: number, code: string): void {
  response.writeHead(status, { "Content-Type": "application/xml" });
  response.end(`<?xml version="1.0" encoding="UTF-8"?><Error><Code>${code}</Code></Error>`);
}

function escapeXml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}
