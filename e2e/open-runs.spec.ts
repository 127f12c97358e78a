import { type SharedRun, test, toSharedPath } from "./hosted-story.ts";
import { openScreen, type Screen, titlesOf } from "./screen.ts";
import { expect, type FixtureRun, toRunPath } from "./story.ts";

type Face = {
  readonly task: string;
  /** How far the training is, as the header says it. */
  readonly phase: string;
  /** Titles in the legend, sorted. */
  readonly layers: readonly string[];
  /** What the timeline says of the shown iteration. */
  readonly shown: string;
  /** What the charts say to those who do not see them. */
  readonly scores: string | RegExp;
  readonly loss: string | RegExp;
};

const shipped: readonly (readonly [FixtureRun, Face])[] = [
  [
    "vnc_affs",
    {
      task: "AffinitiesTask",
      phase: "finished, 1,000 / 1,000",
      layers: ["best voi at 800", "gt of vnc_crop_a", "prediction at 800", "raw of vnc_crop_a", "segmentation at 800"],
      shown: "iteration 800, voi 1.833 with bias 0.5, best",
      scores: /^voi, lower is better: 10 lines over 5 validated iterations, .*, best 1\.833/,
      loss: /1,000/,
    },
  ],
  [
    "vnc_mito_distance",
    {
      task: "DistanceTask",
      phase: "1,250 / 1,500",
      layers: [
        "best mito__f1_score at 500",
        "gt of vnc_crop_a",
        "prediction at 500",
        "raw of vnc_crop_a",
        "segmentation at 500",
      ],
      shown: "iteration 500, mito__f1_score 0.6703 with threshold 0.0, best",
      scores: /^mito__f1_score, higher is better: 10 lines over 5 validated iterations/,
      loss: /1,250/,
    },
  ],
  [
    "vnc_rawgt_distance",
    {
      task: "DistanceTask",
      phase: "finished, 60 / 60",
      layers: [
        "best membrane__f1_score at 60",
        "gt of vnc/crop_a",
        "prediction at 60",
        "raw of vnc/crop_a",
        "segmentation at 60",
      ],
      shown: "iteration 60, membrane__f1_score 0.5036 with threshold -0.25, best",
      scores: /^membrane__f1_score, higher is better: 4 lines over 3 validated iterations/,
      loss: /60/,
    },
  ],
];

const shared: readonly (readonly [SharedRun, Face])[] = [
  [
    "vnc_membrane_distance",
    {
      task: "DistanceTask",
      phase: "finished, 600 / 600",
      layers: [
        "best membrane__f1_score at 600",
        "gt of vnc_crop_a",
        "prediction at 600",
        "raw of vnc_crop_a",
        "segmentation at 600",
      ],
      shown: "iteration 600, membrane__f1_score 0.8280 with threshold 0.0, best",
      scores: /^membrane__f1_score, higher is better: 10 lines over 6 validated iterations/,
      loss: /600/,
    },
  ],
  [
    "vnc_classes_onehot",
    {
      task: "OneHotTask",
      phase: "finished, 240 / 240",
      layers: [
        "best frizz_level at 160",
        "gt of vnc_crop_a",
        "prediction at 160",
        "raw of vnc_crop_a",
        "segmentation at 160",
      ],
      shown: "iteration 160, frizz_level 0.3888 with argmax, best",
      scores: /^frizz_level, higher is better: 2 lines over 3 validated iterations/,
      loss: /240/,
    },
  ],
  [
    "vnc_affs_transposed",
    {
      task: "AffinitiesTask",
      phase: "finished, 60 / 60",
      layers: ["best voi at 30", "gt of vnc_crop_a", "prediction at 30", "raw of vnc_crop_a", "segmentation at 30"],
      shown: "iteration 30, voi 1.713 with bias 0.1, best",
      scores: /^voi, lower is better: 10 lines over 2 validated iterations/,
      loss: /60/,
    },
  ],
  [
    "legacy035_vnc_distance",
    {
      task: "DistanceTask",
      phase: "finished, 200 / 200",
      layers: [
        "best membrane__f1_score at 200",
        "gt of vnc_crop_b",
        "prediction at 200",
        "raw of vnc_crop_b",
        "segmentation at 200",
      ],
      shown: "iteration 200, membrane__f1_score 0.8177 with threshold 0.0, best",
      scores: /^membrane__f1_score, higher is better: 6 lines over 3 validated iterations/,
      loss: /200/,
    },
  ],
];

test.use({ viewport: { width: 1000, height: 650 } });

async function expectFace(screen: Screen, run: string, face: Face): Promise<void> {
  await expect(screen.header.getByRole("button", { name: `Run ${run}` })).toBeVisible();
  await expect(screen.header).toContainText(face.task);
  await expect(screen.header).toContainText(face.phase);
  await expect(screen.timeline).toHaveAttribute("aria-valuetext", face.shown);
  await expect.poll(async () => (await titlesOf(screen).allTextContents()).sort()).toEqual(face.layers);
  await expect((await screen.tab("Scores")).getByRole("img", { name: face.scores })).toBeVisible();
  await expect((await screen.tab("Loss")).getByRole("img", { name: face.loss }).first()).toBeVisible();
  await expect((await screen.tab("Config")).getByRole("region", { name: "Task" })).toBeVisible();
  await expect((await screen.tab("Layers")).getByRole("region")).toHaveCount(face.layers.length);
  await expect((await screen.tab("Problems")).getByRole("heading")).toHaveText("No problems");
}

for (const [run, face] of shipped) {
  test(`${run} opens with its volumes, charts and network`, async ({ page }) => {
    await expectFace(await openScreen(page, `run=${toRunPath(run)}`), run, face);
  });
}

for (const [run, face] of shared) {
  test(`${run}, where it is present, opens with its volumes, charts and network`, async ({ page, sharedViewer }) => {
    const screen = await openScreen(page, `run=${toSharedPath(run)}`, sharedViewer.origin);
    await expectFace(screen, run, face);
  });
}

test("vnc_mito_distance_head says why its outputs are empty and its scores NaN", async ({ page }) => {
  const screen = await openScreen(page, `run=${toRunPath("vnc_mito_distance_head")}`);
  await expect(titlesOf(screen)).toHaveCount(4);
  await expect(screen.timeline).toHaveAttribute("aria-valuetext", /^iteration 60, mito__f1_score NaN/);
  const scores = await screen.tab("Scores");
  await expect(scores.getByRole("img", { name: /no finite value/ })).toBeVisible();
  await expect(scores).toContainText("The threshold 127 is meant for predictions scaled to 0-255");
  await expect(scores).toContainText("No finite mito__f1_score on vnc_crop_a: there is no best.");
  await expect(scores).toContainText("which scores belong to which dataset"); // equal scores tell no dataset from another
});

test("vnc_affs_no_validation shows its losses, and says that there is no validation", async ({ page }) => {
  const screen = await openScreen(page, `run=${toRunPath("vnc_affs_no_validation")}`);
  await expect(screen.volumes.getByRole("heading", { name: "No validation volumes yet" })).toBeVisible();
  await expect(screen.header).toContainText("60 / 400");
  await expect((await screen.tab("Scores")).getByRole("heading")).toHaveText("No scores yet");
  await expect((await screen.tab("Loss")).getByRole("img", { name: /60/ }).first()).toBeVisible();
  await expect(await screen.tab("Layers")).toContainText("No volume is shown yet.");
});

test("vnc_affs_snapshot_only shows its network, and says what there is not", async ({ page }) => {
  const screen = await openScreen(page, `run=${toRunPath("vnc_affs_snapshot_only")}`);
  await expect(screen.volumes).toContainText("snapshot.zarr");
  await expect((await screen.tab("Scores")).getByRole("heading")).toHaveText("No scores yet");
  await expect((await screen.tab("Loss")).getByRole("heading")).toHaveText("No losses yet");
  await expect(screen.timeline).toContainText("No iteration has been validated yet");
  await expect((await screen.tab("Config")).getByRole("region", { name: "Task" })).toBeVisible();
});
