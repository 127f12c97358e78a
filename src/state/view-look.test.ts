import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { AppState, CompareState } from "./app-state.ts";
import { emptyState } from "./empty-state.ts";
import { toViewUrl } from "./view-link.ts";
import { toLookState, wantsErrors } from "./view-look.ts";
import { toViewRequest } from "./view-request.ts";
import { parseViewUrl } from "./view-url.ts";

const page = "https://viewer.example.org/app/";

const modes: readonly (CompareState["mode"] | undefined)[] = ["side", "swipe", "difference", undefined];
const tabs = ["compare", "scores", "loss", "errors", "layers", "network", "config", "problems"] as const;

const state = fc
  .record({
    open: fc.boolean(),
    tab: fc.constantFrom(...tabs),
    split: fc.nat(10_000).map((part) => part / 10_000),
    mode: fc.constantFrom(...modes),
    isOn: fc.boolean(),
    embed: fc.boolean(),
  })
  .map(
    ({ open, tab, split, mode, isOn, embed }): AppState => ({
      ...emptyState,
      ...{ runOrder: ["a"], embed, split, compare: mode && { mode } },
      panel: { open, tab, width: 500 },
      errors: isOn ? { generation: 3, status: "ready" } : undefined,
      errorsDeclined: !isOn,
    }),
  );

const open = async (shown: AppState) => {
  const link = await toViewUrl(toViewRequest(shown, { embed: shown.embed }), page);
  const { request, messages } = await parseViewUrl(link);
  expect(messages).toEqual([]);
  return { link, request, ...toLookState(request, emptyState.panel) };
};

describe("a link to what is looked at", () => {
  it("opens the same tab, looks for errors or not, and puts the divider where it was", async () => {
    await fc.assert(
      fc.asyncProperty(state, async (shown) => {
        const { request, panel, split, errorsDeclined } = await open(shown);
        expect(wantsErrors(request)).toBe(shown.errors !== undefined);
        if (shown.compare?.mode === "swipe") expect(split).toBe(shown.split);
        if (shown.embed) return;
        expect(panel.open).toBe(shown.panel.open);
        if (panel.open) expect(panel.tab).toBe(shown.panel.tab);
        const isAsked = panel.open && panel.tab === "errors" && !errorsDeclined; // the tab itself looks for them
        if (shown.errors === undefined) expect(isAsked).toBe(false);
      }),
    );
  });

  it("says nothing of what is as it begins, and begins so without a word", async () => {
    const { link, panel, split, errorsDeclined } = await open({ ...emptyState, runOrder: ["a"] });
    expect(new URL(link).search).toBe("?run=a");
    expect({ panel, split, errorsDeclined }).toEqual({
      ...{ panel: emptyState.panel, split: emptyState.split, errorsDeclined: emptyState.errorsDeclined },
    });
  });

  it("needs one word for the tab of errors and the errors in it", async () => {
    const panel = { ...emptyState.panel, tab: "errors" as const };
    const { link } = await open({ ...emptyState, runOrder: ["a"], panel, errors: { generation: 1, status: "ready" } });
    expect(new URL(link).search).toBe("?run=a&tab=errors");
  });
});
