import { expect, it } from "vitest";
import { toClusterCommand } from "./cluster-command.ts";

const request = { run: "vnc_affs", iteration: 1000, container: "/data/vnc.zarr", dataset: "raw", output: "/out" };

it("what is too much for a browser is DaCapo's own command", () => {
  expect(toClusterCommand(request)).toBe(
    "dacapo predict -r vnc_affs -i 1000 -ic /data/vnc.zarr -id raw -op /out -w 1 -dt float32",
  );
  const roi = { begin: [0, 90, 180], end: [450, 900, 1800] };
  expect(toClusterCommand({ ...request, roi, workers: 8 })).toContain("-roi '[0:450,90:900,180:1800]' -w 8");
});

it("names from a run cannot slip out of their place in the shell", () => {
  expect(toClusterCommand({ ...request, run: "a'; rm -rf $HOME" })).toContain(`-r 'a'\\''; rm -rf $HOME' -i`);
});
