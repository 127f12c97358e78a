// How a dataset's name becomes a folder under `validation.zarr/<iteration>/`, by release: `ds_` form, bare, `Dataset(...)`.
const FORMS: readonly ((name: string) => string)[] = [
  (name) => `ds_${name.replaceAll("/", "_")}`,
  (name) => name,
  (name) => `Dataset(${name})`,
];

/** The paths to probe, most likely first. A bare name with "/" is a nested path. Inputs always use the bare name. */
export function datasetFolders(name: string): readonly string[] {
  return FORMS.map((form) => form(name));
}

/** Which of these datasets a folder belongs to. */
export function datasetOfFolder(folder: string, names: readonly string[]): string | undefined {
  for (const form of FORMS) {
    const name = names.find((candidate) => form(candidate) === folder);
    if (name !== undefined) return name;
  }
  return undefined;
}

/** The name that a folder shows, when no list of names is at hand; "/" in a name cannot be told from "_" then. */
export function datasetNameOf(folder: string): string {
  return /^Dataset\((.*)\)$/.exec(folder)?.[1] ?? (folder.startsWith("ds_") ? folder.slice(3) : folder);
}
