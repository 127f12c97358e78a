import { describe, expect, test } from "vitest";
import { openStore, toStoreDescription } from "./open-store.ts";
import { toRunAddress } from "./run-address.ts";

const PAGE = "https://viewer.org/app/index.html?run=x#y";

describe("addresses of runs", () => {
  test.each([
    ["https://data.org/base/run/", { kind: "http", url: "https://data.org/base/run" }],
    ["http://127.0.0.1:8000/run?token=1", { kind: "http", url: "http://127.0.0.1:8000/run?token=1" }],
    ["../data/0/run", { kind: "http", url: "https://viewer.org/data/0/run" }],
    ["/data/0/a b/", { kind: "http", url: "https://viewer.org/data/0/a%20b" }],
    ["s3://bucket/base/a%20b/", { kind: "s3", bucketUrl: "https://bucket.s3.amazonaws.com", key: "base/a b" }],
    ["s3://dotted.bucket", { kind: "s3", bucketUrl: "https://s3.amazonaws.com/dotted.bucket", key: "" }],
    [
      "https://bucket.s3.eu-west-1.amazonaws.com/base/run",
      { kind: "s3", bucketUrl: "https://bucket.s3.eu-west-1.amazonaws.com", key: "base/run" },
    ],
  ])("%s", (address, description) => {
    expect(toStoreDescription(address, PAGE)).toEqual(description);
  });

  test("another S3 endpoint is addressed by path", () => {
    const description = toStoreDescription("s3://bucket/run", PAGE, { s3Endpoint: "https://minio.org:9000/" });
    expect(description).toEqual({ kind: "s3", bucketUrl: "https://minio.org:9000/bucket", key: "run" });
    expect(openStore(description).urlOf("a(1)")).toBe("https://minio.org:9000/bucket/run/a%281%29");
  });

  test.each([
    "javascript:alert(1)",
    "data:text/plain,x",
    "file:///etc/passwd",
    "blob:https://viewer.org/1",
    "https://me:secret@data.org/run",
    "ftp://data.org",
    "s3://..",
    "s3:///run",
    "",
    "https://",
  ])("%j is refused", (address) => {
    expect(() => toStoreDescription(address, PAGE)).toThrow(expect.objectContaining({ tag: "bad-address" }));
  });

  test("an endpoint that is no web address is refused", () => {
    expect(() => toStoreDescription("s3://bucket/run", PAGE, { s3Endpoint: "javascript:alert(1)" })).toThrow(
      "javascript",
    );
  });
});

describe("a run's address is its base directory and its name", () => {
  test.each([
    ["https://data.org/base/my%20run/", "https://data.org/base", "my run"],
    ["https://data.org/run", "https://data.org", "run"],
    ["https://data.org/base/run?token=1#z", "https://data.org/base?token=1", "run"],
    ["s3://bucket/base/run", "s3://bucket/base", "run"],
    ["https://data.org/base/run/validation.zarr/200/ds_a/prediction", "https://data.org/base", "run"],
    ["https://data.org/base/run/checkpoints/", "https://data.org/base", "run"],
  ])("%s", (url, base, name) => {
    expect(toRunAddress(url)).toEqual({ base, name });
  });

  test.each([
    "https://data.org/",
    "https://data.org",
    "run",
    "https://data.org/base/%2e%2e",
    "https://data.org/base/a%2Fb",
    "https://data.org/base/%zz",
    "",
  ])("%j names no run", (url) => {
    expect(() => toRunAddress(url)).toThrow(expect.objectContaining({ tag: "bad-address" }));
  });
});
