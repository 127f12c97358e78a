import { StorageError } from "./errors.ts";
import { isPlainName } from "./store-path.ts";

/** `base`: the runs base directory, an address of the same form without trailing slash; `name`: the run, decoded. */
export type RunAddress = { readonly base: string; readonly name: string };

/**
 * Splits the address of a run's folder, also when a folder inside the run was given.
 * @param url absolute: http(s):// or s3://. A query stays with the base, a fragment is dropped.
 * @throws StorageError "bad-address" when no folder is named.
 */
export function toRunAddress(url: string): RunAddress {
  const [, origin = "", path = "", query = ""] = /^([a-z0-9+.-]+:\/\/[^/?#]*)([^?#]*)(\?[^#]*)?/i.exec(url) ?? [];
  const folder = path.replace(/\/(validation\.zarr|snapshot\.zarr|checkpoints)(\/.*)?$/, "").replace(/\/+$/, "");
  const cut = folder.lastIndexOf("/");
  const name = decodeName(folder.slice(cut + 1));
  if (cut < 0 || name === undefined) throw toRunAddressError(url);
  return { base: `${origin}${folder.slice(0, cut).replace(/\/+$/, "")}${query}`, name };
}

function decodeName(segment: string): string | undefined {
  try {
    const name = decodeURIComponent(segment);
    return isPlainName(name) ? name : undefined;
  } catch {
    return undefined;
  }
}

function toRunAddressError(url: string): StorageError {
  const message = `"${url}" does not name the folder of a run.`;
  const hint =
    "Give the address of one folder inside the runs base directory, such as https://example.org/dacapo/my_run.";
  return new StorageError({ tag: "bad-address", subject: url, message, hint });
}
