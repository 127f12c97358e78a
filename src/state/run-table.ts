// A base directory's runs as a table: the values that its rows and its choices are.
import type { Best } from "#dacapo/best.ts";
import type { Phase } from "./phase-name.ts";

/** The best score of a criterion over all datasets, iterations and parameters, with the criterion's direction. */
export type RowBest = Best & { readonly higherIsBetter: boolean };

export type RunRow = {
  readonly name: string;
  readonly status: "waiting" | "ready" | "failed";
  /** Why nothing, or not all, could be read; a sentence. */
  readonly reason?: string;
  readonly phase: Phase;
  /** 0 without losses. */
  readonly trainedUntil: number;
  readonly planned?: number;
  /** Of the network, where its configuration tells. */
  readonly weights?: number;
  readonly validatedUntil: number;
  readonly changedAt?: number;
  /** In score order. */
  readonly best: readonly RowBest[];
  /** At most `sparkPoints` losses, means of equal stretches of the file. */
  readonly losses: readonly number[];
  /** Settings of the configuration's YAML by their path ("task_config.name"). */
  readonly settings: Readonly<Record<string, string>>;
};

/** A column by its key: "name", "state", …, "best.<criterion>", or "config.<path of a setting>". */
export type Column = string;

export type RunTableChoice = {
  readonly sort: { readonly column: Column; readonly descending: boolean };
  /** Words that must all stand in the name or in any setting. */
  readonly filter: string;
  readonly columns: readonly Column[];
  /** The setting by which runs are put together. */
  readonly group?: Column;
};

export const defaultChoice: RunTableChoice = {
  sort: { column: "name", descending: false },
  filter: "",
  columns: ["state", "task", "architecture", "weights", "trained", "validated", "loss", "best"],
};
