import { parseYaml } from "#storage/formats/yaml.ts";
import { isRecord, type YamlValue } from "#storage/formats/yaml-value.ts";
import { type ConfigKind, toConfigPath } from "#storage/run-layout.ts";

const parts: readonly (readonly [field: string, kind: ConfigKind])[] = [
  ["task_config", "tasks"],
  ["architecture_config", "architectures"],
  ["trainer_config", "trainers"],
  ["datasplit_config", "datasplits"],
];

/**
 * Paths, relative to the configs folder, of the configs whose copies a run's YAML holds.
 * A name that is no plain file name is left out, and so is everything of a YAML that cannot be read.
 */
export function namedConfigPaths(runYaml: string): readonly string[] {
  const run = readYaml(runYaml);
  return parts.flatMap(([field, kind]) => {
    const name = fieldOf(fieldOf(run, field), "name");
    return isFileName(name) ? [toConfigPath(kind, name)] : [];
  });
}

function readYaml(text: string): YamlValue {
  try {
    return parseYaml(text);
  } catch {
    return null;
  }
}

const fieldOf = (value: YamlValue, key: string): YamlValue => (isRecord(value) ? (value[key] ?? null) : null);

const isFileName = (name: YamlValue): name is string =>
  typeof name === "string" && /^[^/\\]+$/.test(name) && name !== "." && name !== "..";
