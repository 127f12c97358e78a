/** Folder of `configs/` to the name of the config in it that a run uses. */
export type ConfigKinds = ReadonlyMap<string, string>;

const folders: readonly (readonly [field: string, folder: string])[] = [
  ["task_config", "tasks"],
  ["architecture_config", "architectures"],
  ["trainer_config", "trainers"],
  ["datasplit_config", "datasplits"],
];

/** Names, as files of their own, the configs whose copies a run's YAML holds; a name that is no plain file name is left out. */
export function namedConfigs(runYaml: string): ConfigKinds {
  return new Map(
    folders.flatMap(([field, folder]) => {
      const name = nameUnder(runYaml, field);
      return name === undefined ? [] : [[folder, name] as const];
    }),
  );
}

/** DaCapo dumps block style with sorted keys: the config's own name is the `name:` that is indented by two below its field. */
function nameUnder(runYaml: string, field: string): string | undefined {
  const [, block] = new RegExp(`^${field}:[^\\n]*\\n((?:[ -][^\\n]*\\n?)*)`, "m").exec(runYaml) ?? [];
  const [, name] = /^ {2}name: ['"]?([^\n'"]+?)['"]?\r?$/m.exec(block ?? "") ?? [];
  return name !== undefined && /^[^/\\]+$/.test(name) && name !== "." && name !== ".." ? name : undefined;
}
