import { describe, expect, it } from "vitest";
import { diffConfigs } from "#dacapo/config-diff.ts";
import { groupRepetitions, nameRepetitions } from "./repetitions.ts";

const config = (name: string, part: object) => ({ name, batch_size: 2, ...part });

describe("repetitions", () => {
  it("are runs of which only the name and the number differ", () => {
    const configs = [
      config("a__0", { repetition: 0, task_config: { name: "affs" } }),
      config("b", { repetition: 0, task_config: { name: "mito" } }),
      config("a__1", { repetition: 1, task_config: { name: "affs" } }),
    ];
    expect(groupRepetitions(diffConfigs(configs), 3)).toEqual([[0, 2], [1]]);
  });

  it("are not those whose task alone has another name, nor those without any config", () => {
    const named = [config("a", { task_config: { name: "x" } }), config("b", { task_config: { name: "y" } })];
    expect(groupRepetitions(diffConfigs(named), 2)).toEqual([[0], [1]]);
    expect(groupRepetitions(diffConfigs([undefined, undefined]), 2)).toEqual([[0], [1]]);
  });

  it("go by what their names have in common", () => {
    expect(nameRepetitions(["affs__0", "affs__1", "affs__10"])).toBe("affs (3 repetitions)");
    expect(nameRepetitions(["left", "right"])).toBe("left (2 repetitions)");
    expect(nameRepetitions(["alone__0"])).toBe("alone__0");
  });
});
