import { describe, expect, test } from "vitest";
import { toDirectionColor } from "./channel-colors.ts";
import { toLayerKey } from "./layer-key.ts";
import { buildShader, type ShaderFacts } from "./shaders.ts";

const facts = (more: Partial<ShaderFacts>): ShaderFacts => ({
  kind: "grey",
  dtype: "<f4",
  channels: undefined,
  outlined: false,
  ...more,
});

const KINDS = ["grey", "affinities", "distances", "classes", "binary", "class-segmentation"] as const;

/** neuroglancer's own pattern for a control. */
const CONTROL = /^#uicontrol [_a-zA-Z]\w* [a-z]\w*(?: [a-z]+\(.*\))?$/;

describe("default shaders", () => {
  test.each(KINDS)("%s declares every control once, as neuroglancer reads them, and names it", (kind) => {
    const names = Array.from({ length: 12 }, (_, i) => `channel "${i}"\n#uicontrol`);
    for (const channels of [undefined, names.slice(0, 1), names]) {
      const { code, controls } = buildShader(facts({ kind, channels }), names);
      const declared = code.split("\n").filter((line) => line.startsWith("#uicontrol"));
      for (const line of declared) expect(line).toMatch(CONTROL);
      const ids = declared.map((line) => line.split(" ")[2]);
      expect(ids).toEqual([...controls.keys()]);
      expect(new Set(ids).size).toBe(ids.length);
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
    const { code, controls } = buildShader(facts({ kind: "affinities", channels }));
    expect(code).toContain("#uicontrol bool show_2 checkbox(default=true)");
    expect(code).toContain("#uicontrol bool show_3 checkbox(default=false)");
    expect(code).toContain(`#uicontrol vec3 color_0 color(default="${toDirectionColor([1, 0, 0])}")`);
    expect(controls.get("show_3")?.label).toBe("aff_0.6.0 (0, 6, 0)");
  });

  test("affinities: what is joined stays clear; shape descriptors after them are drawn as they are, on demand", () => {
    const channels = ["aff_1.0.0", "lsd_offset_z"];
    const { code } = buildShader(facts({ kind: "affinities", channels, channelKinds: ["affinity", "lsd"] }));
    expect(code).toContain("joined ? UNIT(0) : 1.0 - UNIT(0)");
    expect(code).toContain("add(color_1, UNIT(1))");
    expect(code).toContain("#uicontrol bool show_1 checkbox(default=false)");
  });

  test("the key names what is drawn, in the colours that were chosen", () => {
    const { key } = buildShader(facts({ kind: "affinities", channels: ["aff_1.0.0", "aff_0.5.0"] }));
    const control = (name: string, value: boolean | string) =>
      typeof value === "string"
        ? ({ type: "color", name, label: name, value } as const)
        : ({ type: "checkbox", name, label: name, value } as const);
    const controls = [
      control("show_0", true),
      control("color_0", "#123456"),
      control("color_1", "#654321"),
      control("all", "#abcdef"),
    ];
    expect(toLayerKey(key, [...controls, control("show_1", false)])).toEqual({
      intro: "boundary along",
      entries: [{ text: "z", color: "#123456" }],
    });
    expect(toLayerKey(key, [...controls, control("joined", true)])).toEqual({
      intro: "joined along",
      entries: [
        { text: "z", color: "#123456" },
        { text: "y 5", color: "#654321" },
        { text: "all", color: "#abcdef" },
      ],
    });
    expect(toLayerKey(key, [])).toBeUndefined();
  });

  test("channels that are seen one at a time are chosen by name", () => {
    for (const kind of ["grey", "distances"] as const) {
      const { controls } = buildShader(facts({ kind, channels: ["mito", "membrane"] }));
      expect(controls.get("channel")?.options).toEqual(["mito", "membrane"]);
    }
  });

  test("a logit is drawn on the scale of its probability, beside distances as they are", () => {
    const channels = ["mito", "mito distance"];
    const { code } = buildShader(facts({ kind: "distances", channels, channelKinds: ["logit", "distance"] }));
    expect(code).toContain("c < 1 ? tanh(0.5 * SMOOTH(c)) : SMOOTH(c)");
  });

  test("the boundary of an inner distance lies a little above 0, which is its whole outside", () => {
    const inner = buildShader(facts({ kind: "distances", channels: ["a"], channelKinds: ["inner-distance"] })).code;
    expect(inner).toContain("level slider(min=-1, max=1, step=0.05, default=0.1)");
    expect(buildShader(facts({ kind: "distances" })).code).toContain("step=0.05, default=0)");
  });

  test("what is not a number is hatched wherever floats are drawn, and nowhere else", () => {
    for (const kind of KINDS) {
      expect(buildShader(facts({ kind })).code).toContain("if (isHatched(VALUE(");
      expect(buildShader(facts({ kind, dtype: "|u1" })).code).not.toContain("isHatched");
    }
  });

  test("distances stored as bytes are read as -1 to 1", () => {
    expect(buildShader(facts({ kind: "distances", dtype: "|u1" })).code).toContain("* 2.0 - 1.0");
    expect(buildShader(facts({ kind: "distances" })).code).not.toContain("* 2.0 - 1.0");
  });

  test("ground truth is an outline without fill, a segmentation is filled", () => {
    const gt = buildShader(facts({ kind: "binary", channels: ["mito"], outlined: true })).code;
    const segmentation = buildShader(facts({ kind: "binary", channels: ["mito"] })).code;
    expect(gt).toContain("fill slider(min=0, max=1, step=0.05, default=0)");
    expect(segmentation).toContain("fill slider(min=0, max=1, step=0.05, default=0.15)");
  });

  test("the first class begins hidden, so that raw shows through", () => {
    const { code } = buildShader(facts({ kind: "class-segmentation", dtype: "|u1" }), ["background", "membrane"]);
    expect(code).toContain("#uicontrol bool show_0 checkbox(default=false)");
    expect(code).toContain("#uicontrol bool show_1 checkbox(default=true)");
  });

  test("further channel axes are drawn at 0", () => {
    const { code } = buildShader(facts({ kind: "grey", channels: ["a", "b"], channelRank: 3 }));
    expect(code).toContain("#define DATA(c) getDataValue(c, 0, 0)");
  });
});
