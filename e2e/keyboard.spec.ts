import { openScreen, titlesOf, toScreen } from "./screen.ts";
import { expect, test, toRunPath } from "./story.ts";

test.use({ viewport: { width: 1100, height: 700 } });

/** What has the focus, by role and name, as a person with a keyboard would say it. */
const focused = () => {
  const element = document.activeElement;
  return element?.getAttribute("aria-label") ?? element?.textContent?.trim() ?? "";
};

test("a run is opened, scrubbed, looked at and shared without a mouse", async ({ page }) => {
  await page.goto("/");
  await expect(page.getByRole("region", { name: "Runs of this directory" })).toBeVisible();
  for (let i = 0; i < 20 && (await page.evaluate(focused)) !== "vnc_mito_distance"; i++)
    await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  const screen = toScreen(page);
  await expect(titlesOf(screen)).toHaveCount(5);
  await screen.settled();

  await test.step("every control is reached by Tab and shows that it has the focus", async () => {
    const reached = new Set<string>();
    await page.getByRole("button", { name: "Run vnc_mito_distance" }).focus();
    for (let i = 0; i < 120 && !reached.has("Post-processing parameters"); i++) {
      reached.add(await page.evaluate(focused));
      const outline = await page.evaluate(() => {
        const element = document.activeElement;
        if (!(element instanceof HTMLElement) || element === document.body) return "body";
        const { outlineStyle, boxShadow, borderColor } = getComputedStyle(element);
        return outlineStyle !== "none" || boxShadow !== "none"
          ? "seen"
          : `unseen ${borderColor} ${element.outerHTML.slice(0, 120)}`;
      });
      expect(outline).not.toMatch(/^unseen/);
      await page.keyboard.press("Tab");
    }
    for (const name of ["Run vnc_mito_distance", "Share", "Side panel", "Iteration", "Dataset"])
      expect([...reached]).toContain(name);
  });

  await test.step("keys scrub from anywhere", async () => {
    await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
    await page.keyboard.press("Home");
    await expect(page).toHaveTitle("250 · vnc_mito_distance");
    await page.keyboard.press("k");
    await expect(page).toHaveTitle("★ 500 · vnc_mito_distance");
    await page.keyboard.press("ArrowRight");
    await expect(page).toHaveTitle("750 · vnc_mito_distance");
    await page.keyboard.press("j");
    await page.keyboard.press("End");
    await expect(page).toHaveTitle("1250 · vnc_mito_distance");
    await page.keyboard.press("b");
    await expect(page).toHaveTitle("★ 500 · vnc_mito_distance");
    await page.keyboard.press("l");
    await expect(page).toHaveTitle("1250 · vnc_mito_distance");
    await screen.settled();
  });

  await test.step("a digit hides a layer and shows it again", async () => {
    const first = screen.legend.getByRole("button").first();
    await expect(first).toHaveAttribute("aria-pressed", "true");
    await page.keyboard.press("1");
    await expect(first).toHaveAttribute("aria-pressed", "false");
    await page.keyboard.press("1");
    await expect(first).toHaveAttribute("aria-pressed", "true");
  });

  await test.step("tabs, menus and sheets open, and Escape closes them", async () => {
    await page.getByRole("tab", { name: "Scores" }).focus();
    await page.keyboard.press("ArrowRight");
    await expect(page.getByRole("tab", { name: "Loss" })).toBeFocused();
    await expect(page.getByRole("tabpanel", { name: "Loss" })).toBeVisible();
    await page.getByRole("button", { name: "Share", exact: true }).focus();
    await page.keyboard.press("Enter");
    await expect(page.getByRole("button", { name: "Copy link" })).toBeVisible();
    await page.keyboard.press("Escape");
    await expect(page.getByRole("button", { name: "Copy link" })).toBeHidden();
    await page.keyboard.press("?");
    await expect(page.getByRole("dialog", { name: "Keys" })).toBeVisible();
    await page.keyboard.press("Escape");
    await expect(page.getByRole("dialog", { name: "Keys" })).toBeHidden();
    await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
    await page.keyboard.press("c");
    await expect(screen.panel).toBeHidden();
    await page.keyboard.press("c");
    await expect(screen.panel).toBeVisible();
  });
});

test("the scores' chart is read and chosen from with keys", async ({ page }) => {
  const screen = await openScreen(page, `run=${toRunPath("vnc_rawgt_distance")}`);
  const chart = (await screen.tab("Scores")).getByRole("img", { name: /^membrane__f1_score/ });
  await chart.focus();
  await page.keyboard.press("ArrowLeft"); // from nowhere to the shown point
  await page.keyboard.press("Home");
  await expect(screen.panel.getByText("iteration 20").first()).toBeVisible();
  await page.keyboard.press("Enter");
  await expect(screen.timeline).toHaveAttribute("aria-valuetext", /^iteration 20,/);
});

test("over the volumes neuroglancer's own keys keep their meaning", async ({ page }) => {
  const screen = await openScreen(page, `run=${toRunPath("vnc_rawgt_distance")}`);
  const box = await screen.volumes.boundingBox();
  if (!box) throw new Error("The volumes are not drawn.");
  await page.mouse.click(box.x + box.width * 0.25, box.y + box.height * 0.7);
  const four = screen.volumes.getByRole("button", { name: /^Four panels/ });
  await expect(four).toHaveAttribute("aria-pressed", "true");
  await page.keyboard.press("Space"); // neuroglancer's: this panel alone
  await expect(four).toHaveAttribute("aria-pressed", "false");
  await expect(page.getByRole("button", { name: "Play through the iterations (p)" })).toBeVisible();
  await page.mouse.move(box.x + box.width * 0.3, box.y + box.height * 0.6);
  await page.keyboard.press("Space");
  await expect(four).toHaveAttribute("aria-pressed", "true");
  await page.keyboard.press("k"); // free in neuroglancer, so it is ours there too
  await page.keyboard.press("j");
  await expect(page).toHaveTitle("40 · vnc_rawgt_distance");
});
