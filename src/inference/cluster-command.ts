import type { Coordinate } from "#dacapo/coordinate.ts";

export type ClusterCommandRequest = {
  readonly run: string;
  readonly iteration: number;
  /** Of the raw: the zarr or N5 container on the cluster's disk, and the array inside it. */
  readonly container: string;
  readonly dataset: string;
  /** Where the prediction goes: `<output>/<container's name>.zarr/prediction_<run>_<iteration>`. */
  readonly output: string;
  /** World units, as DaCapo reads them; all of the raw where it is missing. */
  readonly roi?: { readonly begin: Coordinate; readonly end: Coordinate };
  readonly workers?: number;
};

/**
 * The DaCapo command that predicts on the cluster what is too much for a browser, in float32 as validation stores it. It reads the raw
 * as it is on disk and scales it by its type alone: whole numbers are divided by 255 or 65535, whatever the run's config says.
 */
export function toClusterCommand(request: ClusterCommandRequest): string {
  const { run, iteration, container, dataset, output, roi, workers = 1 } = request;
  const box = roi && `[${roi.begin.map((first, axis) => `${first}:${roi.end[axis]}`).join(",")}]`;
  const options = [
    ["-r", run],
    ["-i", String(iteration)],
    ["-ic", container],
    ["-id", dataset],
    ["-op", output],
    ...(box ? [["-roi", box]] : []),
    ["-w", String(workers)],
    ["-dt", "float32"],
  ];
  return ["dacapo predict", ...options.map(([name, value]) => `${name} ${quote(value ?? "")}`)].join(" ");
}

/** For a POSIX shell. */
function quote(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
