import type { Browser, Response } from "@playwright/test";
import { againstLimit, type Benchmark } from "./benchmark.ts";
import { demoFolder, withBuiltPage } from "./built-page.ts";
import { openRun, untilQuiet } from "./open-run.ts";

const polls = 3;
/** The shortest interval that the follow menu offers. */
const intervalMs = 2000;
const longestMs = 60_000;
const quietMs = 1500;

type Answer = { readonly status: number; readonly bytes: number };

async function toAnswer(response: Response): Promise<Answer> {
  const { responseBodySize } = await response.request().sizes();
  return { status: response.status(), bytes: responseBodySize };
}

/** Every answer that the page gets while it looks at a run of which nothing changes. */
async function watchPolls(browser: Browser, url: string): Promise<readonly Answer[]> {
  const page = await openRun(browser, url);
  try {
    await untilQuiet(page, quietMs); // what is read after the volumes, such as the order of the datasets
    const responses: Response[] = [];
    page.on("response", (response) => responses.push(response));
    await page.getByRole("button", { name: /^What the volumes follow/ }).click();
    await page.getByLabel("Check every").selectOption(String(intervalMs));
    const looks = () => responses.filter((response) => response.url().includes("/training_stats/")).length;
    for (let waited = 0; looks() < polls && waited < longestMs; waited += 100) await page.waitForTimeout(100);
    await page.waitForTimeout(intervalMs / 2); // what a look asks for after its first answers
    return await Promise.all(responses.map(toAnswer));
  } finally {
    await page.context().close();
  }
}

async function run() {
  return withBuiltPage(demoFolder, async ({ browser, server }) => {
    const answers = await watchPolls(browser, `${server.url}?run=data/0/vnc_affs`);
    const statuses = answers.map(({ status }) => status);
    console.error(`Answers to ${polls} looks at an unchanged run: ${statuses.join(", ")}`);
    if (answers.length < polls) throw new Error("The page did not look at its run again.");
    const bytes = answers.reduce((sum, answer) => sum + answer.bytes, 0);
    return [
      againstLimit("unchanged polls: answers other than 304", "answers", statuses.filter((s) => s !== 304).length, 0),
      againstLimit("unchanged polls: bytes of bodies", "bytes", bytes, 0),
    ];
  });
}

export const unchangedPoll: Benchmark = { name: "unchanged-poll", run };
