import { FormatError, type FormatName } from "./format-error.ts";

/** Far above any run: 10,000 validations of 4 datasets, 10 parameters and 21 criteria are 8.4 million scores. */
const maxScores = 10_000_000;

export type ScoreBudget = { spend(count: number): void };

export function createScoreBudget(format: FormatName): ScoreBudget {
  let left = maxScores;
  return {
    spend(count) {
      left -= count;
      if (left < 0)
        throw new FormatError({
          tag: "limit",
          format,
          message: `The file holds more than ${maxScores} validation scores, more than can be shown.`,
        });
    },
  };
}
