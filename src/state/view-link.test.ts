import { deflateRawSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import links from "./fixtures/links.json" with { type: "json" };
import { decodeView, encodeView } from "./view-hash.ts";
import { toViewLink } from "./view-link.ts";
import { parseViewUrl, type ViewRequest } from "./view-url.ts";

const page = "https://viewer.example.org/app/";

type Layer = { readonly name: string; readonly visible?: boolean; readonly segments?: readonly string[] };
type View = { readonly layers: readonly Layer[] };

const id = fc.bigInt({ min: 0n, max: (1n << 64n) - 1n }).map(String);
const segments = fc
  .uniqueArray(fc.oneof(id, fc.nat(5000).map(String)), { maxLength: 60 })
  .chain((ids) =>
    fc
      .array(fc.boolean(), { minLength: ids.length, maxLength: ids.length })
      .map((hidden) => ids.map((each, i) => (hidden[i] ? `!${each}` : each))),
  );
/** Nine digits, as the view's numbers are written. */
const number = fc
  .double({ noNaN: true, noDefaultInfinity: true, min: -1e6, max: 1e6 })
  .map((x) => Number(x.toPrecision(9)));
const fraction = fc.nat(100).map((hundredths) => hundredths / 100);
const signed = number.map((x) => Number((x / 1e6).toPrecision(9)));
const quaternion = fc.array(signed, { minLength: 4, maxLength: 4 });
const range = fc.tuple(signed, number).map((values) => ({ range: values, window: values }));
const optional = <T extends Record<string, fc.Arbitrary<unknown>>>(model: T) => fc.record(model, { requiredKeys: [] });

const layer = fc
  .tuple(
    fc.constantFrom("raw", "gt", "target", "weight", "mask", "prediction", "segmentation", "best", "inference"),
    fc.boolean(),
    optional({
      opacity: fraction,
      selectedAlpha: fraction,
      notSelectedAlpha: fraction,
      colorSeed: fc.nat(),
      shaderControls: optional({
        contrast: range,
        brightness: fraction,
        channel: fc.nat(12),
        color: fc.constant("#ffcc00"),
      }),
      segments,
    }),
  )
  .map(([name, visible, look]): Layer => ({ name, visible, ...look }));

/** All that `toViewJson` writes. */
const view = fc.record({
  dimensions: fc.record({ x: axis(), y: axis(), z: axis() }),
  position: fc.array(number, { minLength: 3, maxLength: 3 }),
  crossSectionScale: number,
  crossSectionOrientation: quaternion,
  projectionScale: number,
  projectionOrientation: quaternion,
  layout: fc.constantFrom("4panel", "xy", "xz", "3d", { type: "xy-3d", orthographicProjection: true }),
  showSlices: fc.boolean(),
  layers: fc.uniqueArray(layer, { maxLength: 9, selector: ({ name }) => name }),
});

function axis() {
  return fc.tuple(fc.constantFrom(4e-9, 8e-9, 4.5e-8), fc.constant("m"));
}

/** What a run on a cluster's file server is called, and the longest parameters that DaCapo writes. */
const ordinary: Omit<ViewRequest, "view"> = {
  runs: ["first", "second"].map(
    (name) =>
      `https://files.example-institute.org/groups/lab/dacapo/runs/2024-11-05_mito_distances_upsample-unet_${name}`,
  ),
  selected: "https://files.example-institute.org/groups/lab/dacapo/runs/2024-11-05_mito_distances_upsample-unet_second",
  dataset: "jrc_mus-liver/crop_124",
  iteration: 125_000,
  criterion: "mito__f1_score_with_tolerance",
  parameters: "WatershedPostProcessorParameters(id=12, bias=0.5, context=(32, 32, 32))",
  theme: "light",
  embed: false,
};

function sortSegments({ layers, ...rest }: View): View {
  return {
    ...rest,
    layers: layers.map((each) => ({ ...each, ...(each.segments && { segments: each.segments.toSorted() }) })),
  };
}

describe("a link", () => {
  it("gives any view back, with the segments that were selected", async () => {
    await fc.assert(
      fc.asyncProperty(view, async (shown) => {
        const back = (await decodeView(`#${await encodeView(shown)}`)) as View;
        expect(sortSegments(back)).toEqual(sortSegments(shown));
      }),
      { numRuns: 400 },
    );
  });

  it("has at most 2,000 characters for an ordinary view, however its layers are set", async () => {
    await fc.assert(
      fc.asyncProperty(view, async (shown) => {
        const layers = shown.layers
          .slice(0, 6)
          .map(({ segments: ids = [], ...rest }) => ({ ...rest, segments: ids.slice(0, 4) }));
        const { href, withoutSegments } = await toViewLink({ ...ordinary, view: { ...shown, layers } }, page);
        expect(withoutSegments).toEqual([]);
        expect(href.length).toBeLessThanOrEqual(2000);
      }),
      { numRuns: 200, endOnFailure: true },
    );
  });

  it("names ten thousand segments in two characters each", async () => {
    const ids = Array.from({ length: 10_000 }, (_, i) => String(7 * i + (i % 5)));
    const request: ViewRequest = { runs: ["r"], embed: false, view: { layers: [{ name: "gt", segments: ids }] } };
    const { href, withoutSegments } = await toViewLink(request, page);
    expect(withoutSegments).toEqual([]);
    expect(href.length).toBeLessThan(20_000);
    const { request: back } = await parseViewUrl(href);
    expect((back.view as View).layers[0]?.segments).toEqual(ids);
  });

  it("leaves out the segments of the layer that has most of them where no address could hold them, and keeps the rest", async () => {
    const many = Array.from({ length: 150_000 }, (_, i) =>
      String((BigInt(i) * 0x9e3779b97f4a7c15n) & ((1n << 64n) - 1n)),
    );
    const layers = [
      { name: "gt", segments: ["1", "!2"] },
      { name: "segmentation", segments: many, opacity: 0.5 },
    ];
    const { href, withoutSegments } = await toViewLink({ runs: ["r"], embed: false, view: { layers } }, page);
    expect(withoutSegments).toEqual(["segmentation"]);
    const { request } = await parseViewUrl(href);
    expect(request.view).toEqual({ layers: [layers[0], { name: "segmentation", opacity: 0.5 }] });
  });

  it.each(links)("of $form is read as it was when it was made", async ({ href, view: wanted }) => {
    const { request, messages } = await parseViewUrl(href);
    expect(messages).toEqual([]);
    expect(request.runs).toEqual(["data/0/vnc_mito_distance"]);
    expect(request.view).toEqual(wanted);
  });
});

describe("a hostile link", () => {
  const pack = (value: unknown) => `2.${deflateRawSync(JSON.stringify(value)).toString("base64url")}`;
  const layers = [{ name: "gt" }];

  it.each([
    ["no list", { layers }],
    ["an empty list", []],
    ["no view", [1, []]],
    ["segments that are no list", [{ layers }, {}]],
    ["a segment of more than 64 bits", [{ layers }, [[0, "gICAgICAgICAgAE", ""]]]],
    ["a sum of more than 64 bits", [{ layers }, [[0, "____________AQE", ""]]]],
    ["a segment that is cut off", [{ layers }, [[0, "gA", ""]]]],
    ["a code of other characters", [{ layers }, [[0, "<b>", ""]]]],
    ["a code that is none", [{ layers }, [[0, 7, null]]]],
  ])("with %s costs the view alone", async (_, value) => {
    const { request, messages } = await parseViewUrl(`${page}?dataset=a#${pack(value)}`);
    expect(request).toMatchObject({ dataset: "a" });
    expect(request.view).toBeUndefined();
    expect(messages).toHaveLength(1);
    expect(messages[0]).toMatch(/^The link's view could not be read \(.+\); the data is framed instead\.$/);
  });

  it("may name layers that are not there", async () => {
    const { request, messages } = await parseViewUrl(
      `${page}#${pack([
        { layers },
        [
          [-1, "AQ", ""],
          [9, "AQ", ""],
          [0, "AQ", ""],
        ],
      ])}`,
    );
    expect([request.view, messages]).toEqual([{ layers: [{ name: "gt", segments: ["1"] }] }, []]);
  });

  it("never does more than be refused, whatever its characters", async () => {
    const hash = fc.oneof(
      fc.string({ unit: "binary", maxLength: 200 }),
      fc.base64String({ maxLength: 200 }).map((text) => `2.${text}`),
      fc.uint8Array({ maxLength: 200 }).map((bytes) => `2.${deflateRawSync(bytes).toString("base64url")}`),
      fc.jsonValue().map(pack),
      fc.jsonValue().map((value) => pack([{ layers }, value])),
    );
    await fc.assert(
      fc.asyncProperty(hash, async (text) => {
        const { request, messages } = await parseViewUrl(`${page}?dataset=a#${text}`);
        expect(request.dataset).toBe("a");
        expect(messages.length).toBeLessThanOrEqual(1);
      }),
      { numRuns: 500 },
    );
  });
});
