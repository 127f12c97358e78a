import { parseBucketPage } from "./directory-listing.ts";
import { isStorageError } from "./errors.ts";
import { readBody } from "./http-body.ts";
import { HttpConnection } from "./http-connection.ts";
import { type HttpEnvironment, toBrowserEnvironment } from "./http-failure.ts";
import { HttpStore } from "./http-store.ts";
import type { Listing, ListOptions, Store } from "./store.ts";
import { joinPath, toSegments } from "./store-path.ts";

/** A public bucket: `bucketUrl` answers ListObjectsV2 and holds the keys below it; `key` is the root, unencoded. */
export type BucketAddress = { readonly bucketUrl: string; readonly key: string };

const MAX_PAGES = 1000;
const MAX_PAGE_BYTES = 2 ** 24;

export function toS3Store(address: BucketAddress, environment: HttpEnvironment = toBrowserEnvironment()): Store {
  return new S3Store(address, new HttpConnection(environment, { isBucket: true }));
}

class S3Store extends HttpStore {
  override readonly kind = "s3";
  readonly #address: BucketAddress;

  constructor(address: BucketAddress, connection: HttpConnection) {
    super(new URL(new HttpStore(new URL(address.bucketUrl), connection).urlOf(address.key)), connection);
    this.#address = address;
  }

  override async list(path: string, options: ListOptions = {}): Promise<Listing | undefined> {
    const directory = joinPath(this.#address.key, ...toSegments(path));
    const pages: Listing[] = [];
    let token: string | undefined;
    do {
      const page = await this.#readPage(directory === "" ? "" : `${directory}/`, token, options);
      if (page === undefined) return undefined;
      pages.push(page.listing);
      token = page.nextToken;
    } while (token !== undefined && pages.length < MAX_PAGES);
    const listing = {
      files: pages.flatMap((page) => page.files),
      directories: pages.flatMap((page) => page.directories),
    };
    return listing.files.length + listing.directories.length > 0 ? listing : undefined;
  }

  override within(path: string): Store {
    const key = joinPath(this.#address.key, ...toSegments(path));
    return new S3Store({ ...this.#address, key }, this.connection);
  }

  async #readPage(prefix: string, token: string | undefined, { signal }: ListOptions) {
    const url = new URL(this.#address.bucketUrl);
    url.search = new URLSearchParams({
      "list-type": "2",
      delimiter: "/",
      prefix,
      ...(token !== undefined && { "continuation-token": token }),
    }).toString();
    try {
      const response = await this.connection.request(url.href, { signal });
      if (response === undefined) return undefined;
      const bytes = await readBody(response, { url: url.href, maxBytes: MAX_PAGE_BYTES });
      return parseBucketPage(new TextDecoder().decode(bytes), prefix);
    } catch (error) {
      if (isStorageError(error, "forbidden", "cors", "server-error")) return undefined;
      throw error;
    }
  }
}
