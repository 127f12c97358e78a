import { describe, expect, test } from "vitest";
import { buildShader, type ShaderFacts } from "./shaders.ts";

const facts = (more: Partial<ShaderFacts>): ShaderFacts => ({
  kind: "grey",
  dtype: "<f4",
  channels: undefined,
  outlined: false,
  ...more,
});

const KINDS = ["grey", "affinities", "lsds", "distances", "classes", "binary", "class-segmentation"] as const;

/** neuroglancer's own pattern for a control. */
const CONTROL = /^#uicontrol [_a-zA-Z]\w* [a-z]\w*(?: [a-z]+\(.*\))?$/;

describe("default shaders", () => {
  test.each(KINDS)("%s declares every control once, as neuroglancer reads them, and names it", (kind) => {
    const names = Array.from({ length: 12 }, (_, i) => `channel "${i}"\n#uicontrol`);
    for (const channels of [undefined, names.slice(0, 1), names]) {
      const { code, labels } = buildShader(facts({ kind, channels }), names);
      const declared = code.split("\n").filter((line) => line.startsWith("#uicontrol"));
      for (const line of declared) expect(line).toMatch(CONTROL);
      const ids = declared.map((line) => line.split(" ")[2]);
      expect(ids).toEqual([...labels.keys()].filter((id) => ids.includes(id)));
      expect(new Set(ids).size).toBe(ids.length);
      expect(labels.size).toBe(ids.length);
      expect(code).toContain("void main()");
    }
  });

  test("a channel's name is never part of the code", () => {
    for (const kind of KINDS) {
      const { code } = buildShader(facts({ kind, channels: ["evil(); }", "b"] }), ["evil(); }"]);
      expect(code).not.toContain("evil");
    }
  });

  test("affinities: nearest neighbours on in their colours, long range off", () => {
    const channels = ["aff_1.0.0", "aff_0.1.0", "aff_0.0.1", "aff_0.6.0"];
    const { code, labels } = buildShader(facts({ kind: "affinities", channels }));
    expect(code).toContain("#uicontrol bool show_2 checkbox(default=true)");
    expect(code).toContain("#uicontrol bool show_3 checkbox(default=false)");
    expect(code).toContain('#uicontrol vec3 color_0 color(default="#0000ff")');
    expect(labels.get("show_3")).toBe("aff_0.6.0 (0, 6, 0)");
  });

  test("distances stored as bytes are read as -1 to 1", () => {
    expect(buildShader(facts({ kind: "distances", dtype: "|u1" })).code).toContain("* 2.0 - 1.0");
    expect(buildShader(facts({ kind: "distances" })).code).not.toContain("* 2.0 - 1.0");
  });

  test("ground truth is an outline without fill, a segmentation is filled", () => {
    const gt = buildShader(facts({ kind: "binary", channels: ["mito"], outlined: true })).code;
    const segmentation = buildShader(facts({ kind: "binary", channels: ["mito"] })).code;
    expect(gt).toContain("fill slider(min=0, max=1, step=0.05, default=0)");
    expect(segmentation).toContain("fill slider(min=0, max=1, step=0.05, default=0.5)");
  });

  test("the first class begins hidden, so that raw shows through", () => {
    const { code } = buildShader(facts({ kind: "class-segmentation", dtype: "|u1" }), ["background", "membrane"]);
    expect(code).toContain("#uicontrol bool show_0 checkbox(default=false)");
    expect(code).toContain("#uicontrol bool show_1 checkbox(default=true)");
  });

  test("further channel axes are drawn at 0", () => {
    const { code } = buildShader(facts({ kind: "grey", channels: ["a", "b"], channelRank: 3 }));
    expect(code).toContain("getDataValue(channel, 0, 0)");
  });
});
