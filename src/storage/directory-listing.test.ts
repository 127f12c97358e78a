import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseBucketPage, parseListing } from "./directory-listing.ts";

// fixtures/listings: what nginx 1.22.1, Apache 2.4, Caddy 2.6.2 and Python 3.11's http.server answered for one folder.
function load(file: string): string {
  return readFileSync(new URL(`fixtures/listings/${file}`, import.meta.url), "utf8");
}

const HIDDEN = [".zarray", ".zattrs"];
const FILES = ["a+b é ü.json", 'it\'s 100% <b>&amp; "x" #1?', "name:with:colon", "vnc_affs", "vnc_affs.yaml"];
const DIRECTORIES = [
  "200",
  "ArgmaxPostProcessorParameters(id=1)",
  "Dataset(name)",
  "WatershedPostProcessorParameters(id=2, bias=0.5, context=(32, 32, 32))",
  "ds_vnc_crop_a",
  "threshold_127",
];

describe("listings as servers write them", () => {
  test.each([
    ["nginx.html", "text/html", FILES],
    ["nginx.json", "application/json", FILES],
    ["apache-plain.html", "text/html;charset=ISO-8859-1", FILES],
    ["apache-table.html", "text/html;charset=ISO-8859-1", FILES],
    ["caddy.html", "text/html; charset=utf-8", [...HIDDEN, ...FILES]],
    ["caddy.json", "application/json; charset=utf-8", [...HIDDEN, ...FILES]],
    ["python.html", "text/html; charset=utf-8", [...HIDDEN, ...FILES]],
  ])("%s gives DaCapo's names, long ones whole, spaces and parentheses as they are", (file, contentType, files) => {
    expect(parseListing(load(file), contentType)).toEqual({ files, directories: DIRECTORIES });
  });

  test("ours", () => {
    const entries = [
      { name: "validation.zarr", type: "directory" },
      { name: "trace.pt", type: "file", size: 12, modified: "2026-01-01T00:00:00Z" },
    ];
    const text = JSON.stringify({ directory: true, entries });
    expect(parseListing(text, "application/json")).toEqual({ files: ["trace.pt"], directories: ["validation.zarr"] });
  });
});

describe("what is no listing", () => {
  test.each([
    ["an application's page", '<!doctype html><title>Viewer</title><a href="run/">run</a>', "text/html"],
    ["JSON data", '{"iteration": 5}', "application/json"],
    ["half-written JSON", '{"directory": true, "entr', "application/json"],
    ["nothing", "", "text/html"],
  ])("%s", (_, text, contentType) => {
    expect(parseListing(text, contentType)).toBeUndefined();
  });
});

test("names that would leave the directory are dropped", () => {
  const hrefs = [
    "../",
    "/etc/",
    "..%2f..%2fetc/",
    "%2e%2e/",
    "a%2Fb",
    "a/b/",
    "//evil.org/",
    "https://evil.org/x",
    "javascript:alert(1)",
    "%00",
    "%zz",
    "a%5Cb",
    ".",
    "?C=N",
  ];
  const page = `<title>Index of /</title>${hrefs.map((href) => `<a href="${href}">x</a>`).join("")}<a href='fine'>x</a>`;
  expect(parseListing(page, "text/html")).toEqual({ files: ["fine"], directories: [] });
  const entries = ["..", "a/b", "", ".", "a\\b", "__proto__"].map((name) => ({ name, type: "directory" }));
  const json = JSON.stringify({ directory: true, entries });
  expect(parseListing(json, "application/json")).toEqual({ files: [], directories: ["__proto__"] });
});

test("our server tells of directories below where it was asked to, and a hostile one is not followed for ever", () => {
  const output = { name: "output", type: "directory", entries: [{ name: "threshold_0.0", type: "directory" }] };
  const text = JSON.stringify({ directory: true, entries: [{ name: "ds_a", type: "directory", entries: [output] }] });
  const below = parseListing(text, "application/json")?.below;
  expect(below?.get("ds_a")?.directories).toEqual(["output"]);
  expect(below?.get("ds_a")?.below?.get("output")).toEqual({ files: [], directories: ["threshold_0.0"] });
  const deep = '{"name":"a","type":"directory","entries":['.repeat(5000) + "]}".repeat(5000);
  let listing = parseListing(`{"directory":true,"entries":[${deep}]}`, "application/json");
  let levels = 0;
  for (; listing !== undefined; levels += 1) listing = listing.below?.get("a");
  expect(levels).toBe(8);
});

describe("a bucket's pages", () => {
  const page = (inner: string) =>
    `<?xml version="1.0" encoding="UTF-8"?>\n<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Name>b</Name><Prefix>runs/a &amp; b/</Prefix>${inner}</ListBucketResult>`;

  test("keys and common prefixes lose the prefix", () => {
    const xml = page(
      "<IsTruncated>true</IsTruncated><NextContinuationToken>1/a+b==</NextContinuationToken>" +
        "<Contents><Key>runs/a &amp; b/</Key></Contents><Contents><Key>runs/a &amp; b/x.yaml</Key><Size>3</Size></Contents>" +
        "<CommonPrefixes><Prefix>runs/a &amp; b/f(x, y)/</Prefix></CommonPrefixes>",
    );
    expect(parseBucketPage(xml, "runs/a & b/")).toEqual({
      listing: { files: ["x.yaml"], directories: ["f(x, y)"] },
      nextToken: "1/a+b==",
    });
  });

  test("keys from elsewhere are dropped, other documents are none", () => {
    expect(parseBucketPage(page("<Contents><Key>other/x</Key></Contents>"), "runs/")?.listing.files).toEqual([]);
    expect(parseBucketPage("<Error><Code>AccessDenied</Code></Error>", "")).toBeUndefined();
  });
});

test("any text gives names that stay inside, or nothing, in time that grows with its length", () => {
  const pieces = fc.constantFrom(
    "<a ",
    'href="',
    '"',
    ">",
    "%2e",
    "..",
    "/",
    "&#x2e;",
    "&amp;",
    "<Key>",
    "</Key>",
    "a",
    " ",
  );
  const texts = fc
    .array(fc.oneof(pieces, fc.string()))
    .map((parts) => `<title>Index of </title><ListBucketResult${parts.join("")}`);
  fc.assert(
    fc.property(texts, (text) => {
      const found = [parseListing(text, "text/html"), parseBucketPage(text, "")?.listing];
      const names = found.flatMap((listing) => [...(listing?.files ?? []), ...(listing?.directories ?? [])]);
      for (const name of names) expect(name).not.toMatch(/^\.{0,2}$|[/\\\0]/);
    }),
  );
  const begin = performance.now();
  parseListing(`<title>Index of</title>${"<a ".repeat(300_000)}`, "text/html");
  parseListing(`<title>Index of</title>${'<a href="'.repeat(100_000)}>`, "text/html");
  expect(performance.now() - begin).toBeLessThan(5000);
});
