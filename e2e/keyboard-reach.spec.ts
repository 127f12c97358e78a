import type { Page } from "@playwright/test";
import { openScreen, type Screen } from "./screen.ts";
import { expect, test, toRunPath } from "./story.ts";

test.use({ viewport: { width: 1100, height: 700 } });

/** neuroglancer's own boxes are left out: its keys act on the volumes as a whole, and the page has controls for the rest. */
const foreign = ".dv-volumes-mount";

/**
 * Marks everything that can be acted on and is on the screen, by a number; says what looks as if it could be clicked but is
 * nothing that takes the focus. A tab that is not chosen, a radio beside a chosen one and a line of a long table are reached with the arrow keys.
 */
function markActions(left: string): { readonly names: Record<string, string>; readonly strays: string[] } {
  const isSeen = (element: Element) => element.checkVisibility({ visibilityProperty: true, opacityProperty: true });
  const takesFocus = "a[href], button, input, select, textarea, summary, [tabindex='0']";
  const names: Record<string, string> = {};
  for (const old of document.querySelectorAll("[data-reach]")) old.removeAttribute("data-reach");
  const isBeside = (element: Element) =>
    (element.getAttribute("role") === "tab" && element.getAttribute("aria-selected") !== "true") ||
    (element.getAttribute("tabindex") === "-1" && element.closest("[data-index]") !== null) ||
    (element instanceof HTMLInputElement && element.type === "radio" && !element.checked);
  [...document.querySelectorAll(takesFocus)].forEach((element, index) => {
    if (element.closest(left) !== null || !isSeen(element) || element.matches(":disabled") || isBeside(element)) return;
    element.setAttribute("data-reach", String(index));
    const label = element.getAttribute("aria-label") ?? (element as HTMLInputElement).labels?.[0]?.textContent;
    names[index] = `${element.tagName} ${label ?? element.textContent}`.trim().slice(0, 80);
  });
  const strays = [...document.querySelectorAll("*")].filter((element) => {
    if (element.closest(left) !== null || !isSeen(element) || getComputedStyle(element).cursor !== "pointer")
      return false;
    return element.closest(`${takesFocus}, label, [role=tab], option`) === null;
  });
  return { names, strays: strays.map((element) => element.outerHTML.slice(0, 160)) };
}

type Walked = { readonly reached: Map<string, boolean> };

/** From now on the page keeps the mark of everything that gets the focus, and whether it shows that it has it. */
function watchFocus(): void {
  const walked: Walked = { reached: new Map() };
  Object.assign(globalThis, { walked });
  document.addEventListener("focusin", ({ target }) => {
    if (!(target instanceof HTMLElement) && !(target instanceof SVGElement)) return;
    const { outlineStyle, boxShadow } = getComputedStyle(target);
    if (target.dataset.reach !== undefined)
      walked.reached.set(target.dataset.reach, outlineStyle !== "none" || boxShadow !== "none");
  });
}

/** Marks with whether they showed the focus, since this was last asked. */
function readWalk(): readonly (readonly [mark: string, seen: boolean])[] {
  const { reached } = (globalThis as unknown as { walked: Walked }).walked;
  const found = [...reached];
  reached.clear();
  return found;
}

const pressesAtOnce = 12;

/** Presses Tab until everything that was marked has had the focus, or the page has been walked through. */
async function expectAllReached(page: Page, where: string): Promise<void> {
  const { names, strays } = await page.evaluate(markActions, foreign);
  const missing = new Map(Object.entries(names));
  const unseen: string[] = [];
  await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
  await page.evaluate(watchFocus);
  for (let presses = 0; missing.size > 0 && presses < 3 * Object.keys(names).length + 60; presses += pressesAtOnce) {
    for (let n = 0; n < pressesAtOnce; n++) await page.keyboard.press("Tab");
    for (const [mark, seen] of await page.evaluate(readWalk))
      if (missing.delete(mark) && !seen) unseen.push(names[mark] ?? mark);
  }
  for (const mark of missing.keys()) // what was done meanwhile cannot be cancelled any more
    if (!(await page.locator(`[data-reach="${mark}"]`).isVisible())) missing.delete(mark);
  expect({ missing: [...missing.values()], unseen, strays }, where).toEqual({ missing: [], unseen: [], strays: [] });
}

async function openTab({ page, panel }: Screen, name: string): Promise<void> {
  await panel.getByRole("tab", { selected: true }).focus();
  await page.keyboard.press("Home");
  for (let i = 0; i < 12 && !(await panel.getByRole("tabpanel", { name: new RegExp(name, "i") }).isVisible()); i++)
    await page.keyboard.press("ArrowRight");
  await expect(panel.getByRole("tabpanel", { name: new RegExp(name, "i") })).toBeVisible();
  await expect(panel.locator(".dv-skeleton")).toHaveCount(0);
}

test("the start page's actions are all reached by keyboard alone", async ({ page }) => {
  await page.goto("/");
  const names = page.getByRole("table", { name: "Runs" }).locator("td button");
  await expect(names).toHaveCount(2);
  await expect(page.locator(".dv-skeleton")).toHaveCount(0);
  await expectAllReached(page, "start page");
  for (const menu of ["Choose columns", "Group runs", "Save the list of runs", "Theme"]) {
    await page.getByRole("button", { name: menu }).press("Enter");
    await expectAllReached(page, menu);
    await page.keyboard.press("Escape");
  }
});

test("a run's actions are all reached by keyboard alone, in every tab and menu", async ({ page }) => {
  test.slow();
  const screen = await openScreen(page, `run=${toRunPath("vnc_affs")}&run=${toRunPath("vnc_mito_distance")}`);
  const tabs = await screen.panel.getByRole("tab").evaluateAll((all) => all.map((tab) => tab.dataset.tab ?? ""));
  expect(tabs).toContain("compare");
  for (const tab of tabs) {
    await openTab(screen, tab);
    await expectAllReached(page, `tab ${tab}`);
  }
  for (const menu of [/^Run /, /^What the volumes follow/, "Share", "Theme"]) {
    await screen.header.getByRole("button", { name: menu, exact: true }).press("Enter");
    await expectAllReached(page, `menu ${menu}`);
    await page.keyboard.press("Escape");
  }
});
