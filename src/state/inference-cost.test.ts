import { expect, it } from "vitest";
import { toQuestion } from "./inference-cost.ts";

it("hundreds of megabytes are asked about, and less where most of it is the optimizer's", () => {
  expect(toQuestion({ way: "ranges", bytes: 199e6, fileBytes: 600e6 })).toBeUndefined();
  expect(toQuestion({ way: "ranges", bytes: 313e6, fileBytes: 939e6 })).toEqual({
    whole: false,
    bytes: 313e6,
    fileBytes: 939e6,
  });
  expect(toQuestion({ way: "whole", bytes: 40e6, fileBytes: 40e6 })).toBeUndefined();
  expect(toQuestion({ way: "whole", bytes: 60e6, fileBytes: 60e6 })).toMatchObject({ whole: true });
});

it("what is kept already is not asked about, what has no known size is", () => {
  expect(toQuestion({ way: "ranges", bytes: 0, fileBytes: 939e6 })).toBeUndefined();
  expect(toQuestion({ way: "whole", bytes: undefined, fileBytes: undefined })).toEqual({ whole: true });
});
