import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { createObjectMatching } from "#evaluation/agreement.ts";
import type { LabelData } from "#evaluation/label-data.ts";
import { openScreen, type Screen } from "./screen.ts";
import { expect, test, toRunPath } from "./story.ts";
import {
  type Box,
  type Camera,
  checkPixels,
  colorAt,
  openPoints,
  type Picture,
  panelsOf,
  readCamera,
  readVolume,
  takePicture,
  type Volume,
} from "./voxel-pixels.ts";

test.use({ viewport: { width: 1100, height: 720 } });

const run = toRunPath("vnc_mito_distance");
const [a, b] = [500, 1000];
const chosen = `run=${run}&dataset=vnc_crop_a&iteration=${a}&compareIteration=${b}`;

/** A prediction as bare grey values, alone, so that a pixel tells its voxel's value. */
const grey = {
  layout: "xy",
  showAxisLines: false,
  showScaleBar: false,
  layers: [
    {
      name: "prediction",
      visible: true,
      opacity: 1,
      shader: "void main() { emitGrayscale(0.5 + 0.5 * toRaw(getDataValue(0))); }",
    },
    ...["raw", "gt", "segmentation", "best"].map((name) => ({ name, visible: false })),
  ],
};

function toQuery(mode: string, view: object = grey): string {
  return `${chosen}&compare=${mode}#!${encodeURIComponent(JSON.stringify(view))}`;
}

function toUrl(origin: string, iteration: number, array = "prediction"): string {
  return `${origin}${run}/validation.zarr/${iteration}/vnc_crop_a/${array}`;
}

async function readBoth(origin: string): Promise<readonly [Volume, Volume]> {
  return Promise.all([readVolume(toUrl(origin, a)), readVolume(toUrl(origin, b))]);
}

const toGrey = (volume: Volume) => (voxel: number) => {
  const shade = 255 * Math.min(1, Math.max(0, 0.5 + 0.5 * Number(volume.data[voxel])));
  return [shade, shade, shade] as const;
};

/** The address has the camera a moment after the picture. `differs`: from before it was moved. */
async function cameraOf(screen: Screen, differs?: Camera): Promise<Camera> {
  await screen.settled();
  await expect.poll(() => screen.page.url()).toMatch(/#\d\./);
  let last: Camera | undefined;
  const isAtRest = async () => {
    const before = JSON.stringify(last);
    last = await readCamera(screen.page);
    return JSON.stringify(last) === before && JSON.stringify(differs) !== before;
  };
  await expect.poll(isAtRest, { intervals: [500] }).toBe(true);
  return last ?? readCamera(screen.page);
}

type Side = { readonly box: Box; readonly within?: Box; readonly volume: Volume };

async function checkSide(
  page: Page,
  picture: Picture,
  camera: Camera,
  { box, within = box, volume }: Side,
  what: string,
): Promise<void> {
  const points = await openPoints(page, within);
  checkPixels({ picture, points, box, camera, volume, toColor: toGrey(volume) }, what);
}

async function checkBeside(page: Page, camera: Camera, [first, second]: readonly [Volume, Volume]): Promise<void> {
  const panels = await panelsOf(page);
  const [left, right] = [panels.first[0], panels.second[0]];
  if (left === undefined || right === undefined) throw new Error("There are not two cross sections.");
  expect([left.width, left.height]).toEqual([right.width, right.height]);
  const picture = await takePicture(page);
  await checkSide(page, picture, camera, { box: left, volume: first }, "A, left");
  await checkSide(page, picture, camera, { box: right, volume: second }, "B, right");
}

/** The parts of one section that lie on both sides of the divider, which covers a few pixels itself. */
async function checkSwiped(
  page: Page,
  camera: Camera,
  volumes: readonly [Volume, Volume],
  split: number,
): Promise<void> {
  const box = (await panelsOf(page)).first[0];
  const whole = await page.locator(".dv-volumes-mount").boundingBox();
  if (box === undefined || whole === null) throw new Error("There is no cross section.");
  const at = whole.x + split * whole.width;
  const left = { ...box, width: at - box.left - 1 };
  const right = { ...box, left: at + 1, width: box.left + box.width - at - 1 };
  const picture = await takePicture(page);
  if (left.width > 50)
    await checkSide(page, picture, camera, { box, within: left, volume: volumes[0] }, "A, left of the divider");
  if (right.width > 50)
    await checkSide(page, picture, camera, { box, within: right, volume: volumes[1] }, "B, right of it");
}

/** Drags and zooms with the pointer over the second view. */
async function moveAbout(page: Page): Promise<void> {
  const box = (await panelsOf(page)).second[0];
  if (box === undefined) throw new Error("There is no second view.");
  const [x, y] = [box.left + box.width * 0.6, box.top + box.height * 0.55];
  await page.mouse.move(x, y);
  await page.mouse.down();
  await page.mouse.move(x - 31, y - 23, { steps: 5 });
  await page.mouse.up();
  await page.keyboard.down("Control");
  await page.mouse.wheel(0, -120);
  await page.keyboard.up("Control");
}

test("two iterations side by side show their arrays, and one camera moves both", async ({ page, viewer }) => {
  const volumes = await readBoth(viewer.origin);
  const screen = await openScreen(page, toQuery("side"));
  const begun = await cameraOf(screen);
  await checkBeside(page, begun, volumes);

  await test.step("moved and zoomed over B, both stand at the same place to the pixel", async () => {
    await moveAbout(page);
    const moved = await cameraOf(screen, begun);
    expect(moved.scale).toBeLessThan(begun.scale);
    await checkBeside(page, moved, volumes);
  });

  await test.step("turned as well: every pixel of the raw data is the same in both", async () => {
    await page.keyboard.press("1");
    await page.keyboard.press("2");
    const panels = await panelsOf(page);
    const [left, right] = [panels.first[0], panels.second[0]];
    if (left === undefined || right === undefined) throw new Error("There are not two cross sections.");
    await page.mouse.move(right.left + 100, right.top + 300);
    await page.keyboard.down("Shift");
    await page.mouse.down();
    await page.mouse.move(right.left + 140, right.top + 330, { steps: 4 });
    await page.mouse.up();
    await page.keyboard.up("Shift");
    await screen.settled();
    const picture = await takePicture(page);
    const shift = Math.round(right.left) - Math.round(left.left);
    const open = new Set((await openPoints(page, left, 1)).map(String));
    const points = (await openPoints(page, right, 5)).filter(([x, y]) => open.has(String([x - shift, y])));
    const compared = points.map(([x, y]) => [colorAt(picture, [x, y]), colorAt(picture, [x - shift, y])]);
    expect(compared.length).toBeGreaterThan(1000);
    expect(compared.filter(([one, other]) => String(one) !== String(other))).toEqual([]);
    expect(new Set(compared.map(([one]) => String(one))).size).toBeGreaterThan(20); // there is something to be seen
  });
});

test("a divider swipes B over A, a key flickers between them, and the link has it all", async ({ page, viewer }) => {
  const volumes = await readBoth(viewer.origin);
  const screen = await openScreen(page, toQuery("side"));
  const before = await cameraOf(screen);
  const bar = page.getByRole("region", { name: "Comparison" });
  await bar.getByRole("button", { name: "swipe" }).click();
  const camera = await cameraOf(screen);
  expect(camera, "the view stays where it was").toEqual(before);
  const divider = page.getByRole("separator", { name: /^A is left/ });
  await expect(divider).toHaveAttribute("aria-valuenow", "50");
  await checkSwiped(page, camera, volumes, 0.5);

  await test.step("the divider is moved with the pointer and the keys", async () => {
    const box = await divider.boundingBox();
    const whole = await screen.volumes.boundingBox();
    if (box === null || whole === null) throw new Error("There is no divider.");
    await page.mouse.move(box.x + box.width / 2, box.y + 200);
    await page.mouse.down();
    await page.mouse.move(whole.x + 0.3 * whole.width, box.y + 200, { steps: 4 });
    await page.mouse.up();
    await expect(divider).toHaveAttribute("aria-valuenow", "30");
    await divider.press("ArrowRight");
    await expect(divider).toHaveAttribute("aria-valuenow", "32");
    await screen.settled();
    await checkSwiped(
      page,
      camera,
      volumes,
      Number(await divider.evaluate((each) => Number.parseFloat(each.style.left))) / 100,
    );
  });

  await test.step("held, v shows B alone", async () => {
    await page.keyboard.down("v");
    await screen.settled();
    await checkSwiped(page, camera, volumes, 0);
    await page.keyboard.up("v");
    await screen.settled();
    await checkSwiped(page, camera, volumes, 0.32);
  });

  await test.step("reloaded it is the same, and back leads to where one was", async () => {
    await expect.poll(() => page.url()).toMatch(/compare=swipe.*compareSplit=0\.3/);
    await page.reload();
    await screen.settled();
    await expect(divider).toHaveAttribute("aria-valuenow", "32");
    await expect(bar.getByRole("button", { name: "swipe" })).toHaveAttribute("aria-pressed", "true");
    await checkSwiped(page, await cameraOf(screen), volumes, 0.32);
    await page.goBack();
    await expect(bar.getByRole("button", { name: "side by side" })).toHaveAttribute("aria-pressed", "true");
    await screen.settled();
    await checkBeside(page, await cameraOf(screen), volumes);
    await bar.getByRole("button", { name: "End the comparison" }).click();
    await expect(bar).toHaveCount(0);
    await screen.settled();
    expect((await panelsOf(page)).second).toEqual([]);
    expect(await cameraOf(screen)).toEqual(before);
  });
});

test("the difference is B less A with its scale, the agreement tells who has a voxel", async ({ page, viewer }) => {
  const [first, second] = await readBoth(viewer.origin);
  const layers = [
    { name: "raw", visible: true, opacity: 1, shader: "void main() { emitGrayscale(0.0); }" },
    { name: "gt", visible: false },
  ];
  const screen = await openScreen(page, toQuery("difference", { ...grey, layers }));
  const camera = await cameraOf(screen);
  const [box] = (await panelsOf(page)).second;
  if (box === undefined) throw new Error("There is no second view.");
  const overBlack = (color: readonly number[], alpha: number) => {
    const [red = 0, green = 0, blue = 0] = color.map((part) => part * alpha);
    return [red, green, blue] as const;
  };
  const [orange, blue, green] = [
    [0xe6, 0x9f, 0x00],
    [0x56, 0xb4, 0xe9],
    [0x00, 0x9e, 0x73],
  ] as const;

  const common = async () => ({
    ...{ box, camera, volume: first, points: await openPoints(page, box) },
    picture: await takePicture(page),
  });
  const signs = new Set<number>();
  const toDifference = (voxel: number) => {
    const difference = Number(second.data[voxel]) - Number(first.data[voxel]);
    signs.add(Math.sign(difference));
    return overBlack(difference > 0 ? blue : orange, Math.min(1, Math.abs(difference) / 0.5));
  };
  checkPixels({ ...(await common()), toColor: toDifference }, "difference");
  expect([...signs].sort(), "both signs occur").toEqual(expect.arrayContaining([-1, 1]));
  await expect(page.getByRole("img", { name: /^B less A: from -0\.5, A higher, to 0\.5, B higher/ })).toBeVisible();

  await test.step("held, v shows A", async () => {
    await page.keyboard.down("v");
    await screen.settled();
    const picture = await takePicture(page);
    await page.keyboard.up("v");
    expect(picture.rgba.equals((await takePicture(page)).rgba)).toBe(false);
  });

  await test.step("the masks: in both, only in A, only in B", async () => {
    await page.getByRole("button", { name: "segmentations", exact: true }).click();
    await screen.settled();
    await expect(page.getByText("Voxels are the same where both are inside.")).toBeVisible();
    const state = await page.evaluate(() => location.search);
    expect(state).toContain("compare=difference");
    const parameters = "threshold_0.0";
    const [inA, inB] = await Promise.all(
      [a, b].map((n) => readVolume(toUrl(viewer.origin, n, `output/${parameters}`))),
    );
    const verdicts = new Set<string>();
    const toAgreement = (voxel: number) => {
      const pair = `${Number(inA?.data[voxel]) > 0 ? "A" : ""}${Number(inB?.data[voxel]) > 0 ? "B" : ""}`;
      verdicts.add(pair);
      if (pair === "AB") return overBlack(green, 0.35);
      return pair === "" ? overBlack(green, 0) : overBlack(pair === "A" ? orange : blue, 1);
    };
    checkPixels({ ...(await common()), toColor: toAgreement }, "agreement");
    expect(verdicts.size, "kinds of agreement that were seen").toBeGreaterThan(2);
  });
});

test("objects of two segmentations are matched in a worker, with progress, and only while somebody looks", async ({
  page,
  viewer,
}) => {
  let release: () => void = () => undefined;
  const gate = new Promise<void>((resolve) => {
    release = resolve;
  });
  const parameters = "WatershedPostProcessorParameters(id=2, bias=0.5, context=(32, 32, 32))";
  const affinities = toRunPath("vnc_affs");
  const query = `run=${affinities}&dataset=vnc_crop_a&iteration=800&compareIteration=1000&compare=difference`;
  const layers = [
    { name: "raw", visible: true, opacity: 1, shader: "void main() { emitGrayscale(0.0); }" },
    { name: "gt", visible: false },
  ];
  const view = encodeURIComponent(JSON.stringify({ ...grey, layers }));
  const screen = await openScreen(page, `${query}&parameters=${encodeURIComponent(parameters)}#!${view}`);
  const bar = page.getByRole("region", { name: "Comparison" });
  const segmentations = bar.getByRole("button", { name: "segmentations", exact: true });
  await page.route(/1000\/vnc_crop_a\/output\/[^/]+\/\d[\d/.]*$/, async (route) => {
    await gate;
    await route.continue().catch(() => undefined); // who waited may be gone
  });
  await segmentations.click();
  await expect(bar.getByRole("status")).toHaveText(/^Matching objects: part 1 of \d+$/);
  await expect(bar.getByRole("progressbar", { name: "Matching objects" })).toBeVisible();

  await test.step("cancelled, nothing is matched any more", async () => {
    await bar.getByRole("button", { name: "Cancel" }).click();
    await expect(bar.getByRole("progressbar")).toHaveCount(0);
    await expect(segmentations).toHaveAttribute("aria-pressed", "false");
  });

  await test.step("wanted again, the layer says of every voxel what all of both volumes say", async () => {
    await segmentations.click();
    await expect(bar.getByRole("progressbar")).toBeVisible();
    release();
    await expect(bar.getByText("Objects are the same where more than half of both together")).toBeVisible();
    await screen.settled();
    expect(page.workers().filter((worker) => worker.url().includes("agreement"))).toHaveLength(1);
    const path = (iteration: number) =>
      `${viewer.origin}${affinities}/validation.zarr/${iteration}/vnc_crop_a/output/${parameters}`;
    const [inA, inB] = await Promise.all([readVolume(path(800)), readVolume(path(1000))]);
    const matching = createObjectMatching();
    const labels = [inA.data, inB.data] as const as readonly [LabelData, LabelData];
    matching.add(...labels);
    const verdicts = matching.toAgreement(...labels);
    const colors = ["#000000", "#009e73", "#e69f00", "#56b4e9", "#cc79a7"].map((code) =>
      [1, 3, 5].map((at) => Number.parseInt(code.slice(at, at + 2), 16)),
    );
    const toColor = (voxel: number) => {
      const verdict = verdicts[voxel] ?? 0;
      const [red = 0, green = 0, blue = 0] = (colors[verdict] ?? []).map((part) => part * (verdict === 1 ? 0.35 : 1));
      return [red, green, blue] as const;
    };
    const [box] = (await panelsOf(page)).second;
    if (box === undefined) throw new Error("There is no second view.");
    const points = await openPoints(page, box);
    const camera = await cameraOf(screen);
    checkPixels({ picture: await takePicture(page), points, box, camera, volume: inA, toColor }, "agreement");
    expect(new Set(verdicts).size, "kinds of agreement that there are").toBeGreaterThan(2);
  });
});

test("B is chosen with keys, on the timeline, in the scores and among runs; what cannot be subtracted says why", async ({
  page,
}) => {
  const other = toRunPath("vnc_affs");
  const screen = await openScreen(page, `run=${run}&run=${other}&dataset=vnc_crop_a&iteration=1250#!{"layout":"xy"}`);
  const bar = page.getByRole("region", { name: "Comparison" });
  const chosenB = bar.getByRole("button", { name: /^Choose B/ });

  await test.step("m begins with the best, and keys choose another", async () => {
    await page.keyboard.press("m");
    await expect(chosenB).toHaveAccessibleName("Choose B, now vnc_mito_distance · 500 · threshold 0.0");
    await chosenB.focus();
    await page.keyboard.press("Enter");
    const iteration = bar.getByRole("combobox", { name: "Iteration of B" });
    await iteration.focus();
    await page.keyboard.press("ArrowDown");
    await expect(chosenB).toHaveAccessibleName(/ · 750 · /);
    await page.keyboard.press("Escape");
    await screen.settled();
    const { violations } = await new AxeBuilder({ page }).exclude(".dv-volumes-mount").analyze();
    expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
  });

  await test.step("a click with shift: on the timeline, and in the table of scores", async () => {
    const track = await screen.timeline.boundingBox();
    if (track === null) throw new Error("There is no timeline.");
    await page.keyboard.down("Shift");
    await page.mouse.click(track.x + 22, track.y + 20);
    await expect(chosenB).toHaveAccessibleName(/ · 250 · /);
    const scores = await screen.tab("Scores");
    const row = scores.getByRole("row", { name: /^1,000 / });
    await row.getByRole("button").nth(4).click();
    await page.keyboard.up("Shift");
    await expect(chosenB).toHaveAccessibleName(/ · 1,000 · threshold 0\.25$/);
    await expect(screen.timeline).toHaveAttribute("aria-valuetext", /^iteration 1,250/); // A stays
  });

  await test.step("another run, whose network tells something else", async () => {
    await page.getByRole("tab", { name: "Compare" }).click();
    const bests = page.getByRole("table", { name: /^Best/ });
    await page.getByRole("combobox", { name: "Compared criterion" }).selectOption("voi");
    await bests
      .getByRole("row", { name: /vnc_affs vnc_crop_a/ })
      .getByRole("button", { name: "as B" })
      .click();
    await expect(chosenB).toHaveAccessibleName("Choose B, now vnc_affs · 800 · bias 0.5");
    await screen.settled();
    await expect(bar.getByRole("status")).toHaveCount(0);
    await bar.getByRole("button", { name: "difference" }).click();
    await expect(bar.getByRole("status")).toContainText("A has an offset of 540 × 288 × 288, B of 585 × 540 × 2700");
    await bar.getByRole("button", { name: "Exchange A and B" }).click();
    await expect(page.getByRole("button", { name: "Run vnc_affs" })).toBeVisible();
    await expect(chosenB).toHaveAccessibleName(/^Choose B, now vnc_mito_distance · 1,250 · /);
    await page.keyboard.press("m");
    await expect(bar).toHaveCount(0);
  });
});
