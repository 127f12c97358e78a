import type { RefObject } from "react";

export type ExportProps = {
  /** What is saved, as "the loss chart". */
  readonly what?: string;
  /** Of the files, without ending. */
  readonly name: string;
  /** Said in the picture. */
  readonly subtitle?: string;
  /** Where the chart is drawn; a table has none. */
  readonly chart?: RefObject<HTMLElement | null>;
  readonly csv: () => readonly string[] | Promise<readonly string[]>;
};
