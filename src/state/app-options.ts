import type { KeyValue } from "./recents.ts";
import type { ViewRequest } from "./view-url.ts";

/** What a page says when it mounts a viewer: any part of a view URL, and what the page lends. */
export type AppOptions = Partial<ViewRequest> & {
  /** Address that relative ones are relative to; the document's by default. */
  readonly page?: string;
  /** Address of the viewer's own page, where links lead to; none are offered without it. */
  readonly viewer?: string;
  /** Where recent runs and found orders are kept; nowhere by default. */
  readonly storage?: KeyValue | undefined;
  /** Sentences to begin with, such as what a link had that was not understood. */
  readonly messages?: readonly string[];
  /** Ask the page's own server which directories it serves. */
  readonly discoverServed?: boolean;
};

/** What addresses of arrays are read with. */
export type RawOptions = { readonly page: string; readonly s3Endpoint?: string };
