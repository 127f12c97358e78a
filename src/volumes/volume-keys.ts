// How page and worker name what they ask each other for: `<scheme>://<volume id>/<key>`.
export const STORED_SCHEME = "dacapo";
export const CONVERTED_SCHEME = "dacapo-converted";
/** The ChunkRecipe of a converted volume, as JSON. */
export const RECIPE_KEY = "recipe.json";
/** Before the keys of the array as it is stored. */
export const STORED_PREFIX = "stored/";

/** "//<volume id>/<key>" */
export function splitSuffix(suffix: string | undefined): { readonly id: string; readonly path: string } {
  const rest = (suffix ?? "").replace(/^\/\//, "");
  const slash = rest.indexOf("/");
  return slash < 0 ? { id: rest, path: "" } : { id: rest.slice(0, slash), path: rest.slice(slash + 1) };
}
