import { readFileSync } from "node:fs";
import { openScreen } from "./screen.ts";
import { expect, test, toRunPath } from "./story.ts";

test.use({ viewport: { width: 1440, height: 900 }, permissions: ["clipboard-read", "clipboard-write"] });

test("the config of a run is read: its network drawn, its settings, its data and whether they can be reached", async ({
  page,
}) => {
  const screen = await openScreen(page, `run=${toRunPath("vnc_rawgt_distance")}`);
  const config = await screen.tab("Config");

  await test.step("the U-Net level by level", async () => {
    await expect(config.getByRole("img", { name: /^U-Net of \d levels/ })).toBeVisible();
    const levels = config.getByRole("table", { name: "Levels of the network" });
    const top = levels.getByRole("row").nth(1).getByRole("cell");
    await expect(top).toHaveText([/^0$/, /^\d+$/, /^\d+ × \d+ × \d+$/, /^[\d,]+$/, /^[\d.]+ [kM]B$/]);
  });

  await test.step("every setting in DaCapo's words", async () => {
    await config.getByText("All settings of trainer_config").click();
    await expect(config.getByRole("heading", { name: /^augments: \w+AugmentConfig$/ }).first()).toBeVisible();
  });

  await test.step("each dataset's arrays, which are not beside this run", async () => {
    const data = config.getByRole("region", { name: "Data" });
    await expect(data.getByRole("heading", { name: "vnc/crop_a RawGTDatasetConfig" })).toBeVisible();
    await expect(data.getByText(/^Zarr → .*Intensities 0 to 255$/).first()).toBeVisible();
    await expect(data.getByText(/not found from here/).first()).toBeVisible();
  });

  await test.step("the YAML as it is on disk, to copy", async () => {
    const yaml = readFileSync("e2e/fixtures/runs/configs/runs/vnc_rawgt_distance.yaml", "utf8");
    await config.getByRole("region", { name: "YAML" }).getByRole("button", { name: "Copy" }).click();
    await expect(config.getByRole("button", { name: "Copied" })).toBeVisible();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(yaml);
  });
});

test("a config that is missing, broken or of an unknown network says so, and shows what there is", async ({ page }) => {
  let body: string | undefined;
  await page.route("**/configs/runs/*.yaml", (route) =>
    body === undefined ? route.fulfill({ status: 404 }) : route.fulfill({ body, contentType: "text/yaml" }),
  );
  const open = async () => (await openScreen(page, `run=${toRunPath("vnc_rawgt_distance")}`)).tab("Config");

  await expect(await open()).toContainText("configs/runs/vnc_rawgt_distance.yaml is not beside this run");

  body = "name: [unclosed";
  await expect((await open()).getByRole("heading", { name: "The run's config could not be read" })).toBeVisible();

  body =
    "name: mine\ntask_config:\n  __type__: MyTaskConfig\n  name: <b>bold</b>\narchitecture_config:\n  __type__: MyNet\n";
  const config = await open();
  await expect(config.getByRole("region", { name: "Task" })).toContainText("MyTask (not known to this viewer)");
  await config.getByText("All settings of task_config").click();
  await expect(config.getByText("<b>bold</b>").first()).toBeVisible();
  await expect(config.getByRole("region", { name: "YAML" })).toContainText("MyNet");
});
