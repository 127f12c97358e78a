import { expect, type Locator, type Page } from "@playwright/test";

/** The parts of the page by the names that a screen reader says. */
export type Screen = {
  readonly page: Page;
  readonly header: Locator;
  readonly volumes: Locator;
  readonly legend: Locator;
  /** The iterations; its text is that of the shown one. */
  readonly timeline: Locator;
  readonly panel: Locator;
  tab(name: "Scores" | "Loss" | "Errors" | "Layers" | "Network" | "Config" | "Problems"): Promise<Locator>;
  /** Waits until nothing is loading and all that is visible has been drawn. */
  settled(): Promise<void>;
};

export function toScreen(page: Page): Screen {
  const volumes = page.getByRole("region", { name: "Volumes" });
  const panel = page.getByRole("complementary", { name: "Side panel" });
  return {
    page,
    header: page.getByRole("banner"),
    volumes,
    legend: volumes.getByRole("list", { name: "Layers", includeHidden: true }),
    timeline: page.getByRole("slider", { name: "Iteration" }),
    panel,
    async tab(name) {
      await panel.getByRole("tab", { name }).click();
      return panel.getByRole("tabpanel", { name });
    },
    async settled() {
      await expect(volumes).toHaveAttribute("aria-busy", "false");
      await unfoldLegend(page);
    },
  };
}

/** Opens the whole page with a query such as `run=data/0/vnc_affs`, and waits until it has come to rest. */
export async function openScreen(page: Page, query: string, origin = "/"): Promise<Screen> {
  await page.goto(`${origin}?${query}`);
  const screen = toScreen(page);
  await screen.settled();
  return screen;
}

/** Over narrow volumes the legend begins folded. Opened without a click: the focus stays where it is. */
async function unfoldLegend(page: Page): Promise<void> {
  await page.locator("details.dv-legend").evaluateAll((found) => {
    for (const legend of found) if (legend instanceof HTMLDetailsElement) legend.open = true;
  });
}

/** Titles of the layers in the legend, lowest first, also of one that is folded. */
export function titlesOf({ legend }: Screen): Locator {
  return legend.locator(".dv-legend-title");
}
