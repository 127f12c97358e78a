import { deflateRawSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { toViewUrl } from "./view-link.ts";
import { parseViewUrl, type ViewRequest } from "./view-url.ts";

const page = "https://viewer.example.org/app/";
const parse = (tail: string) => parseViewUrl(page + tail);

describe("a view URL", () => {
  it("names the run and the selection in its query", async () => {
    const { request, messages } = await parse(
      "?run=data/0/vnc_affs&run=s3://bucket/b&dataset=vnc%2Fcrop_a&iteration=400&criterion=voi&parameters=W(id%3D2%2C%20bias%3D0.5)",
    );
    expect(messages).toEqual([]);
    expect(request).toEqual({
      runs: ["data/0/vnc_affs", "s3://bucket/b"],
      dataset: "vnc/crop_a",
      iteration: 400,
      criterion: "voi",
      parameters: "W(id=2, bias=0.5)",
      embed: false,
    });
  });

  it.each(["latest", "best"])("follows %s", async (iteration) => {
    expect((await parse(`?iteration=${iteration}`)).request.iteration).toBe(iteration);
  });

  it("takes a base, other folders and an S3 endpoint", async () => {
    const { request } = await parse("?runs=data/0/&stats=st&configs=co&s3.endpoint=https://minio.example.org");
    expect(request).toMatchObject({
      base: "data/0/",
      stats: "st",
      configs: "co",
      s3Endpoint: "https://minio.example.org",
    });
  });

  it("takes embed, parentOrigin and theme", async () => {
    const { request } = await parse("?embed=1&parentOrigin=https://dash.example.org&theme=light");
    expect(request).toMatchObject({ embed: true, parentOrigin: "https://dash.example.org", theme: "light" });
  });

  it.each([
    ["?iteration=-3&dataset=a", "iteration"],
    ["?iteration=1e9&dataset=a", "iteration"],
    ["?theme=pink&dataset=a", "theme"],
    ["?compare=blend&dataset=a", "compare"],
    ["?compareIteration=-1&dataset=a", "compareIteration"],
    ["?compareSplit=1.5&dataset=a", "compareSplit"],
    ["?compareSplit=1e-3&dataset=a", "compareSplit"],
    ["?tab=secrets&dataset=a", "tab"],
    ["?tab=constructor&dataset=a", "tab"],
    ["?errors=yes&dataset=a", "errors"],
    ["?embed=yes&dataset=a", "embed"],
    ["?parentOrigin=javascript:alert(1)&dataset=a", "parentOrigin"],
    ["?parentOrigin=https://a.example/path&dataset=a", "parentOrigin"],
    ["?steps=5&dataset=a", "steps"],
    ["?dataset=a#!{broken", "view"],
    ["?dataset=a#1.%%%", "view"],
    ["?dataset=a#2.%%%", "view"],
    ["?dataset=a#2.AAAA", "view"],
    ["?dataset=a#3.AAAA", "newer than this viewer"],
    ["?dataset=a#whatever", "view"],
    ["?dataset=a#![1]", "view"],
  ])("names what is malformed in %s and uses the rest", async (tail, named) => {
    const { request, messages } = await parse(tail);
    expect(messages).toHaveLength(1);
    expect(messages[0]).toContain(named);
    expect(request.dataset).toBe("a");
  });

  it("reads neuroglancer's plain JSON hash, percent-encoded or not", async () => {
    const view = { position: [1, 2, 3], layout: "4panel" };
    expect((await parse(`#!${JSON.stringify(view)}`)).request.view).toEqual(view);
    expect((await parse(`#!${encodeURIComponent(JSON.stringify(view))}`)).request.view).toEqual(view);
  });

  it("refuses a hash that inflates beyond any view", async () => {
    const bomb = deflateRawSync(JSON.stringify({ layout: "x".repeat(3 << 20) })).toString("base64url");
    for (const form of ["1", "2"])
      expect((await parse(`#${form}.${bomb}`)).messages[0]).toContain("longer than any view");
  });

  it("does not let a key of the query reach a prototype", async () => {
    const { request } = await parse("?__proto__=1&constructor=2&theme=constructor");
    expect(request.theme).toBeUndefined();
    expect(({} as Record<string, unknown>)["1"]).toBeUndefined();
  });

  it("comes back as it was written, whatever is in it", async () => {
    const text = fc.string({ minLength: 1, maxLength: 40, unit: "grapheme" });
    const optional = {
      selected: text,
      base: text,
      stats: text,
      configs: text,
      s3Endpoint: text,
      dataset: text,
      criterion: text,
      parameters: text,
      iteration: fc.oneof(fc.nat(), fc.constantFrom("latest" as const, "best" as const)),
      compare: fc.constantFrom("side" as const, "swipe" as const, "difference" as const),
      compareRun: text,
      compareIteration: fc.oneof(fc.nat(), fc.constantFrom("latest" as const, "best" as const)),
      compareParameters: text,
      compareSplit: fc.nat(10_000).map((part) => part / 10_000),
      tab: fc.constantFrom("compare", "scores", "loss", "errors", "layers", "network", "config", "problems", "none"),
      errors: fc.boolean(),
      snapshot: fc.oneof(fc.nat(), fc.constant("latest" as const)),
      parentOrigin: fc.constantFrom("https://dash.example.org", "http://localhost:8000"),
      theme: fc.constantFrom("light" as const, "dark" as const),
      view: fc.dictionary(text, fc.jsonValue()),
    };
    const requests = fc.record(
      { runs: fc.array(text, { maxLength: 4 }), embed: fc.boolean(), ...optional },
      { requiredKeys: ["runs", "embed"] },
    ) as fc.Arbitrary<ViewRequest>;
    await fc.assert(
      fc.asyncProperty(requests, async (request) => {
        const { request: back, messages } = await parseViewUrl(await toViewUrl(request, page));
        expect(messages).toEqual([]);
        expect(JSON.stringify(sorted(back))).toBe(JSON.stringify(sorted(request)));
      }),
      { numRuns: 300 },
    );
  });
});

function sorted(value: object): unknown {
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
