import { resolve } from "node:path";
import type { Page } from "@playwright/test";
import { test as base } from "./hosted-story.ts";
import { type Behaviour, type PlainServer, startPlainServer, staticHost } from "./plain-server.ts";
import { openScreen, type Screen, titlesOf } from "./screen.ts";
import { expect, toRunPath } from "./story.ts";

type Fixtures = { readonly site: (behaviour: Partial<Behaviour>) => Promise<PlainServer> };

// Another site with some of the runs, which behaves as some real server does.
const test = base.extend<Fixtures>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of what a fixture needs from this pattern
  site: async ({}, use) => {
    const started: PlainServer[] = [];
    await use(async (behaviour) => {
      const folders = { "runs/": resolve(import.meta.dirname, "fixtures/runs") };
      const server = await startPlainServer(folders, { ...staticHost, ...behaviour });
      started.push(server);
      return server;
    });
    for (const server of started) await server.stop();
  },
});

test.use({ viewport: { width: 1000, height: 650 } });

/** The page says that the run could not be opened, and why, and goes on working. */
async function expectDiagnosis(page: Page, address: string, words: RegExp): Promise<Screen> {
  const screen = await openScreen(page, `run=${encodeURIComponent(address)}`);
  await expect(screen.volumes.getByRole("alert")).toContainText("could not be opened");
  await expect(screen.volumes.getByRole("alert")).toContainText(words);
  await screen.volumes.getByRole("button", { name: "See the problems" }).click();
  const problems = screen.panel.getByRole("list", { name: "Problems" });
  await expect(problems.getByRole("listitem").filter({ hasText: words }).first()).toContainText("http"); // where
  return screen;
}

test("a run that is not there", async ({ page }) => {
  await expectDiagnosis(page, "data/0/vnc_afffs", /No configuration of vnc_afffs was found|Nothing that DaCapo writes/);
});

test("a server that does not let other pages read (CORS), with the setting to copy", async ({ page, site, viewer }) => {
  const { origin } = await site({ cors: false });
  const screen = await expectDiagnosis(
    page,
    `${origin}runs/vnc_rawgt_distance`,
    /does not allow pages from .* \(CORS\)/,
  );
  await expect(screen.panel).toContainText(`Access-Control-Allow-Origin: ${new URL(viewer.origin).origin}`);
  await expect(screen.panel.getByRole("button", { name: "Copy the server setting" }).first()).toBeVisible();
});

test("a server that asks for a login", async ({ page, site }) => {
  const { origin } = await site({ everything: "forbidden" });
  await expectDiagnosis(page, `${origin}runs/vnc_rawgt_distance`, /refused to give .* \(status 403\)/);
});

test("a server that is broken", async ({ page, site }) => {
  const { origin } = await site({ everything: "server-error" });
  await expectDiagnosis(page, `${origin}runs/vnc_rawgt_distance`, /failed to give .* \(status 500\)/);
});

test("a server that gives a web page for everything", async ({ page, site }) => {
  const { origin } = await site({ everything: "page" });
  await expectDiagnosis(page, `${origin}runs/vnc_rawgt_distance`, /web page/);
});

test("no server at all, and the way back once it runs", async ({ page, site }) => {
  const server = await site({});
  const address = `${server.origin}runs/vnc_rawgt_distance`;
  await page.route(`${server.origin}**`, (route) => route.abort("connectionrefused"));
  const screen = await expectDiagnosis(page, address, /No server answered at/);
  await page.unroute(`${server.origin}**`);
  await screen.volumes.getByRole("button", { name: "Try again" }).click();
  await screen.settled();
  await expect(titlesOf(screen).filter({ hasText: "prediction at 60" })).toHaveCount(1);
});

for (const absent of ["not-found", "page"] as const) {
  test(`without listing and Range, and ${absent} for what is absent, all that configs and scores imply is found`, async ({
    open,
    site,
  }) => {
    const plain = await site({ range: "whole", absent });
    const there = await (await open(`run=${encodeURIComponent(`${plain.origin}runs/vnc_rawgt_distance`)}`)).settled();
    const here = await (await open(`run=${toRunPath("vnc_rawgt_distance")}`)).settled();
    const implied = (state: typeof here) => {
      const { status, trainedUntil, validationIterations, volumeIterations, datasets, criteria, checkpoints } =
        state.runs[0] ?? {};
      return { status, trainedUntil, validationIterations, volumeIterations, datasets, criteria, checkpoints };
    };
    expect(implied(there)).toEqual(implied(here));
    expect(there.selection).toMatchObject({ dataset: "vnc/crop_a", iteration: 60, criterion: "membrane__f1_score" });
    // this run's thresholds are not those of its release, and are written nowhere but in the names of its outputs
    expect(there.layers.map(({ name }) => name).toSorted()).toEqual(["gt", "prediction", "raw"]);
  });
}

test("a corrupt chunk costs its part of its layer, and is named", async ({ page }) => {
  await page.route("**/vnc_rawgt_distance/validation.zarr/60/ds_vnc_crop_a/prediction/**", (route) =>
    /\/[\d/]+$/.test(new URL(route.request().url()).pathname)
      ? route.fulfill({ status: 200, contentType: "application/octet-stream", body: Buffer.from("this is no chunk") })
      : route.continue(),
  );
  const screen = await openScreen(page, `run=${toRunPath("vnc_rawgt_distance")}`);
  await expect(titlesOf(screen)).toHaveCount(5);
  await expect(screen.panel.getByRole("tab", { name: /^Problems/ })).toContainText(/[1-9]/);
  const problems = await screen.tab("Problems");
  await expect(problems).toContainText("60/ds_vnc_crop_a/prediction");
  const scores = await screen.tab("Scores");
  await expect(scores.getByRole("img", { name: /^membrane__f1_score/ })).toBeVisible();
});

for (const [what, answer] of [
  ["missing", { status: 404 }],
  ["torn", { status: 200, body: '{"shape": [12' }],
] as const) {
  test(`${what} metadata costs its layer alone`, async ({ page }) => {
    await page.route("**/inputs/vnc/crop_a/gt/.zarray", (route) => route.fulfill(answer));
    const screen = await openScreen(page, `run=${toRunPath("vnc_rawgt_distance")}`);
    await expect(titlesOf(screen)).toHaveText([/^raw/, /^prediction/, /^segmentation/, /^best/]);
    await expect((await screen.tab("Scores")).getByRole("img", { name: /^membrane__f1_score/ })).toBeVisible();
  });
}

test("losses that cannot be read cost the loss chart alone", async ({ page }) => {
  await page.route("**/stats/training_stats/vnc_rawgt_distance", (route) =>
    route.fulfill({ status: 200, contentType: "application/octet-stream", body: "cposix\nsystem\n(S'true'\ntR." }),
  );
  const screen = await openScreen(page, `run=${toRunPath("vnc_rawgt_distance")}`);
  await expect(titlesOf(screen)).toHaveCount(5);
  await expect(await screen.tab("Problems")).toContainText(
    'The pickle asks for "posix system", which is not among the plain values that DaCapo writes',
  );
  await expect((await screen.tab("Loss")).getByRole("heading")).toHaveText("The training stats could not be read");
  await expect((await screen.tab("Scores")).getByRole("img", { name: /^membrane__f1_score/ })).toBeVisible();
});

test("a link with parts that mean nothing names them and uses the rest", async ({ page }) => {
  const screen = await openScreen(
    page,
    `run=${toRunPath("vnc_rawgt_distance")}&iteration=soon&criterion=membrane__voi&dataset=nowhere&zoom=3#!{"layers":[{"name":"raw","source":"http://evil.example/"}]`,
  );
  await expect(page.getByRole("combobox", { name: /^Criterion/ })).toHaveValue("membrane__voi");
  const problems = await screen.tab("Problems");
  await expect(problems).toContainText('iteration "soon" is neither a number, "latest" nor "best"');
  await expect(problems).toContainText('has a part "zoom" that this viewer does not know');
  await expect(problems).toContainText('vnc_rawgt_distance has no dataset "nowhere"; the default is shown.');
  await expect(problems).toContainText("The link's view could not be read");
  await expect(titlesOf(screen)).toHaveCount(5);
});
