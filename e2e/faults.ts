import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { expect } from "./story.ts";

/**
 * What axe finds in a page and in the frames of it; `rules` alone, where given. The volumes' own canvas and neuroglancer's boxes are left
 * out: what they say is in the legend and the readout.
 */
export async function expectNoFaults(page: Page, where: string, rules?: readonly string[]): Promise<void> {
  const axe = new AxeBuilder({ page }).exclude(".dv-volumes-mount").exclude(["iframe", ".dv-volumes-mount"]);
  const { violations } = await (rules === undefined ? axe : axe.withRules([...rules])).analyze();
  const faults = violations.map(({ id, help, nodes }) => ({
    id,
    help,
    nodes: nodes.map(({ html }) => html).slice(0, 3),
  }));
  expect(faults, where).toEqual([]);
}
