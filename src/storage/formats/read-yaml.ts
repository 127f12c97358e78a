import { parsePlainYaml } from "./plain-yaml.ts";
import type { YamlValue } from "./yaml-value.ts";

/**
 * As `parseYaml`, and rejects as that throws. What DaCapo itself writes is read at once; the reader of all other YAML is
 * fetched for the first text that needs it.
 */
export async function readYaml(text: string): Promise<YamlValue> {
  const plain = parsePlainYaml(text);
  if (plain !== undefined) return plain;
  const { parseYaml } = await import("./yaml.ts");
  return parseYaml(text);
}
