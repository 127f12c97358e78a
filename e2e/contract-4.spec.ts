import { affs, test, watershed } from "./hosting.ts";
import { expect, toRunPath } from "./story.ts";

// The public contract, section 4: what a host page asks, and what it is told.

test("ready comes once and first, then states of the documented shape", async ({ open }) => {
  const dashboard = await open(affs);
  const state = await dashboard.settled();
  const types = (await dashboard.received()).map(({ message }) => message.type);
  expect(types[0]).toBe("ready");
  expect(types.filter((type) => type === "ready")).toHaveLength(1);
  await dashboard.check();
  expect(state.runs[0]).toMatchObject({
    name: "vnc_affs",
    status: "ready",
    problems: [],
    trainedUntil: 1000,
    validatedUntil: 1000,
    validationIterations: [200, 400, 600, 800, 1000],
    volumeIterations: [200, 400, 600, 800, 1000],
    criteria: ["voi_split", "voi_merge", "voi"],
    parameters: [
      watershed(0, "0.1"),
      watershed(1, "0.25"),
      watershed(2, "0.5"),
      watershed(3, "0.75"),
      watershed(4, "0.9"),
    ],
  });
  expect(state.runs[0]?.datasets).toEqual(["vnc_crop_b", "vnc_crop_a"]);
  expect(state.layers.map(({ name }) => name).toSorted()).toEqual(["best", "gt", "prediction", "raw", "segmentation"]);
  expect(state.view).toMatchObject({ layout: "4panel", unit: "nm" });
});

test("states come at most ten a second, the newest last", async ({ open }) => {
  const dashboard = await open(affs);
  await dashboard.settled();
  for (let i = 0; i < 60; i++) await dashboard.ask("setView", { view: { position: [100, 500 + i, 500] } });
  await dashboard.settled();
  const unasked = (await dashboard.received("state")).filter(({ message }) => message.id === undefined);
  for (const { at } of unasked)
    expect(unasked.filter((other) => other.at >= at && other.at < at + 1000).length).toBeLessThanOrEqual(10);
  await expect
    .poll(async () => {
      const states = (await dashboard.received("state")).filter(({ message }) => message.id === undefined);
      return (states.at(-1)?.message as { state?: { settled?: boolean } } | undefined)?.state?.settled;
    })
    .toBe(true);
});

test("a reply repeats the id of its request, whatever it is", async ({ open }) => {
  const dashboard = await open(affs);
  for (const id of ["a", "", 0, -3.5, "ж".repeat(200)]) {
    await dashboard.post({ app: "dacapo-run-viewer", v: 1, type: "getState", id });
    await expect
      .poll(async () => (await dashboard.received("state")).some(({ message }) => message.id === id))
      .toBe(true);
  }
});

test("setView moves, zooms and lays out, and the state says so", async ({ open }) => {
  const dashboard = await open(affs);
  const { view: before } = await dashboard.settled();
  const position = [before.position?.[0] ?? 0, (before.position?.[1] ?? 0) + 40, (before.position?.[2] ?? 0) - 24];
  const reply = await dashboard.ask("setView", { view: { position, scale: 3, layout: "xy", unit: "nm" } });
  const { view } = (reply as unknown as { state: { view: typeof before } }).state;
  expect(view.layout).toBe("xy");
  expect(view.scale).toBeCloseTo(3, 2);
  for (const [axis, voxel] of [50, 8, 8].entries())
    expect(Math.abs((view.position?.[axis] ?? 0) - (position[axis] ?? 0))).toBeLessThanOrEqual(voxel);
  const { view: later } = await dashboard.settled();
  expect(later).toEqual(view);
  await dashboard.ask("setView", { view: { scale: 5 } });
  const { view: zoomed } = await dashboard.settled();
  expect(zoomed).toMatchObject({ layout: "xy", position: view.position });
  expect(zoomed.scale).toBeCloseTo(5, 2);
  await dashboard.ask("setView", { view: {} });
  expect((await dashboard.settled()).view).toEqual(zoomed);
});

test("setView refuses a layout, a place and a unit that there are not, and changes nothing", async ({ open }) => {
  const dashboard = await open(affs);
  const { view } = await dashboard.settled();
  for (const wrong of [
    { layout: "spiral" },
    { position: [1, 2] },
    { position: ["a", 0, 0] },
    { scale: -1 },
    { unit: "mile" },
  ]) {
    const reply = await dashboard.ask("setView", { view: { ...wrong } });
    expect(reply, JSON.stringify(wrong)).toMatchObject({ type: "error" });
  }
  expect((await dashboard.settled()).view).toEqual(view);
});

test("select chooses run, dataset, iteration, criterion and parameters, and refuses what there is not", async ({
  open,
}) => {
  const other = toRunPath("vnc_mito_distance");
  const dashboard = await open(`${affs}&run=${other}`);
  const { runs } = await dashboard.settled();
  expect(runs.map(({ name }) => name)).toEqual(["vnc_affs", "vnc_mito_distance"]);
  const selects = async (fields: Record<string, unknown>) => {
    const reply = await dashboard.ask("select", fields);
    expect(reply.type, JSON.stringify(reply)).toBe("state");
    return (await dashboard.settled()).selection;
  };
  const [a, b] = runs;
  if (a === undefined || b === undefined) throw new Error("Two runs were opened.");
  expect(await selects({ iteration: 400 })).toMatchObject({ iteration: 400 });
  expect(await selects({ dataset: "vnc_crop_a" })).toMatchObject({ dataset: "vnc_crop_a", iteration: 400 });
  expect(await selects({ iteration: "latest" })).toMatchObject({ iteration: 1000 });
  for (const criterion of a.criteria) {
    const best = a.best.find((each) => each.dataset === "vnc_crop_a" && each.criterion === criterion);
    expect(await selects({ iteration: "best", criterion })).toMatchObject({
      criterion,
      iteration: best?.iteration,
      parameters: best?.parameters,
    });
  }
  const parameters = a.parameters[3];
  expect(await selects({ parameters })).toMatchObject({ parameters });
  const { layers } = await dashboard.state();
  expect(decodeURIComponent(layers.find(({ name }) => name === "segmentation")?.source ?? "")).toContain(parameters);
  expect(await selects({ run: b.url, iteration: "latest" })).toMatchObject({ run: b.url });
  expect(await selects({ run: a.name })).toMatchObject({ run: a.url });
  const before = await dashboard.settled();
  for (const [fields, code] of [
    [{ run: "nobody" }, "unknown-run"],
    [{ dataset: "nowhere" }, "unknown-dataset"],
    [{ iteration: 401 }, "unknown-iteration"],
    [{ criterion: "beauty" }, "unknown-criterion"],
    [{ parameters: "threshold_127" }, "unknown-parameters"],
    [{ iteration: "newest" }, "bad-message"],
    [{ iteration: -5 }, "bad-message"],
  ] as const) {
    const reply = await dashboard.ask("select", fields);
    expect(reply, JSON.stringify(fields)).toMatchObject({ type: "error", code });
    expect(String(reply.message)).toMatch(/\.$/);
  }
  expect((await dashboard.settled()).selection).toEqual(before.selection);
  await dashboard.check();
});

test("open takes addresses relative to the page and absolute ones, and answers once they are loaded", async ({
  open,
  viewer,
}) => {
  const dashboard = await open("");
  expect((await dashboard.state()).runs).toEqual([]);
  const relative = await dashboard.ask("open", { runs: [toRunPath("vnc_affs")] });
  expect(relative).toMatchObject({ type: "state", state: { runs: [{ name: "vnc_affs", status: "ready" }] } });
  const urls = [`${viewer.origin}${toRunPath("vnc_mito_distance")}`, `${viewer.origin}${toRunPath("vnc_affs")}/`];
  const absolute = await dashboard.ask("open", { runs: urls });
  expect(absolute).toMatchObject({
    type: "state",
    state: { runs: [{ name: "vnc_mito_distance" }, { name: "vnc_affs" }] },
  });
  await dashboard.settled();
  const none = await dashboard.ask("open", { runs: [`${viewer.origin}data/0/nothing`] });
  expect(none).toMatchObject({ type: "state", state: { runs: [{ name: "nothing", status: "error" }] } });
  expect(await dashboard.ask("open", { runs: ["ftp://example.org/x"] })).toMatchObject({
    type: "error",
    code: "bad-address",
    subject: "ftp://example.org/x",
  });
  expect(await dashboard.ask("open", { runs: [] })).toMatchObject({ type: "state", state: { runs: [], layers: [] } });
  await dashboard.settled();
  await dashboard.check();
});

test("screenshot gives a PNG", async ({ open }) => {
  const dashboard = await open(affs);
  const reply = await dashboard.ask("screenshot");
  expect(reply).toMatchObject({ type: "image", image: { type: "image/png" } });
  expect((reply.image as { size: number }).size).toBeGreaterThan(10_000);
});
