import { describe, expect, it } from "vitest";
import { addressAdvice } from "./address-advice.ts";

const page = "https://viewer.example.org/app/";

describe("advice on an address, before anything is asked for", () => {
  it.each([
    "https://example.org/runs/a",
    "s3://bucket/runs/a",
    "runs/a",
    "../runs/a",
    "/data/0/vnc_affs",
    "http://localhost:8377/data/0/vnc_affs",
    "",
  ])("has nothing against %j", (address) => {
    expect(addressAdvice(address, page)).toBeUndefined();
  });

  it.each(["C:\\runs\\a", "/home/me/runs/a", "~/runs/a", "file:///home/me/runs"])(
    "says how to open %j from a disk",
    (address) => {
      expect(addressAdvice(address, page)).toMatch(/npm start -- DIR/);
    },
  );

  it("says that a page over https cannot load http data", () => {
    expect(addressAdvice("http://example.org/runs/a", page)).toMatch(/https/);
    expect(addressAdvice("http://example.org/runs/a", "http://viewer.example.org/")).toBeUndefined();
  });

  it("names the schemes that work", () => {
    expect(addressAdvice("ftp://example.org/runs/a", page)).toMatch(/s3:\/\//);
  });
});
