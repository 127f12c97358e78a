import { StorageError } from "./errors.ts";
import { type HttpEnvironment, toBrowserEnvironment } from "./http-failure.ts";
import { toHttpStore } from "./http-store.ts";
import { type BucketAddress, toS3Store } from "./s3-store.ts";
import type { Store } from "./store.ts";
import { joinPath } from "./store-path.ts";

/** What crosses a thread instead of a store. */
export type StoreDescription =
  | { readonly kind: "http"; readonly url: string }
  | ({ readonly kind: "s3" } & BucketAddress);

export type AddressOptions = { readonly s3Endpoint?: string };

/**
 * Reads a `run=`, `runs=`, `stats=` or `configs=` value: http(s)://, s3://bucket/key, or relative to `base` (the page).
 * @throws StorageError "bad-address"
 */
export function toStoreDescription(address: string, base: string, options: AddressOptions = {}): StoreDescription {
  const bucket = /^s3:\/\/([^/?#]+)\/?([^?#]*)$/i.exec(address.trim());
  if (bucket) return toBucketDescription(bucket[1] ?? "", bucket[2] ?? "", address, options);
  const url = toUrl(address.trim(), base);
  if (url === undefined || !/^https?:$/.test(url.protocol) || url.username !== "" || url.password !== "") {
    throw toAddressError(
      address,
      "Give an address that begins with http://, https:// or s3://, or one relative to this page.",
    );
  }
  url.hash = "";
  return toPublicBucket(url) ?? { kind: "http", url: url.href.replace(/\/+(?=$|\?)/, "") };
}

export function openStore(description: StoreDescription, environment: HttpEnvironment = toBrowserEnvironment()): Store {
  if (description.kind === "http") return toHttpStore(description.url, environment);
  return toS3Store(description, environment);
}

function toUrl(address: string, base: string): URL | undefined {
  return address !== "" && URL.canParse(address, base) ? new URL(address, base) : undefined;
}

function toBucketDescription(
  bucket: string,
  path: string,
  address: string,
  { s3Endpoint }: AddressOptions,
): StoreDescription {
  const endpoint = s3Endpoint === undefined ? undefined : toUrl(s3Endpoint, "https://s3.amazonaws.com");
  if (!/^[a-z0-9][a-z0-9._-]{1,62}$/i.test(bucket))
    throw toAddressError(address, "A bucket's name has letters, digits, dots and dashes.");
  if (endpoint && !/^https?:$/.test(endpoint.protocol))
    throw toAddressError(s3Endpoint ?? "", "An S3 endpoint begins with https://.");
  return { kind: "s3", bucketUrl: toBucketUrl(bucket, endpoint), key: joinPath(...path.split("/").map(decodeSegment)) };
}

/** A dot in a bucket's name does not fit Amazon's certificate, so such buckets go by path. */
function toBucketUrl(bucket: string, endpoint: URL | undefined): string {
  if (endpoint) return `${endpoint.origin}${endpoint.pathname.replace(/\/+$/, "")}/${bucket}`;
  return bucket.includes(".") ? `https://s3.amazonaws.com/${bucket}` : `https://${bucket}.s3.amazonaws.com`;
}

/** A bucket that is given by its https address is listed like any other. */
function toPublicBucket(url: URL): StoreDescription | undefined {
  const isAmazon = /^[a-z0-9.-]+\.s3([.-][a-z0-9-]+)*\.amazonaws\.com$/.test(url.hostname);
  if (!isAmazon || url.search !== "") return undefined;
  const key = joinPath(...url.pathname.split("/").map(decodeSegment));
  return { kind: "s3", bucketUrl: url.origin, key };
}

function decodeSegment(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

function toAddressError(address: string, hint: string): StorageError {
  const message = `"${address}" is not an address that runs can be read from.`;
  return new StorageError({ tag: "bad-address", subject: address, message, hint });
}
