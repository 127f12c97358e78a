import { afterEach, describe, expect, it, vi } from "vitest";
import { throttleStates } from "./contract-message.ts";
import { isAllowedOrigin, parseEmbedOrigins } from "./embed-policy.ts";
import { parseRequest } from "./protocol-message.ts";

const message = (fields: object) => ({ app: "dacapo-run-viewer", v: 1, id: 7, ...fields });

describe("a message of a host", () => {
  it.each([
    { type: "getState" },
    { type: "open", runs: ["https://data.example.org/run"] },
    { type: "select", iteration: 200, dataset: "a" },
    { type: "select", iteration: "best" },
    { type: "setView", view: { position: [1, 2, 3], scale: 8, layout: "4panel" } },
    { type: "read", layer: "raw", begin: [0, 0, 0], end: [1, 2, 3] },
    { type: "screenshot" },
  ])("is read: %j", (fields) => {
    expect(parseRequest(message(fields))).toMatchObject({ status: "request", request: { ...fields, id: 7 } });
  });

  it.each([null, 5, "getState", [], {}, { type: "getState" }, { app: "other", v: 1, type: "getState" }])(
    "that is not ours is left alone: %j",
    (value) => expect(parseRequest(value)).toEqual({ status: "foreign" }),
  );

  it.each(["ready", "state", "block", "image", "error"])("is not one of our own answers: %s", (type) => {
    expect(parseRequest(message({ type }))).toEqual({ status: "foreign" });
  });

  it("asks for inference by iteration", () => {
    const fields = { type: "infer", model: { iteration: "best" }, dataset: "a", device: "wasm" };
    expect(parseRequest(message(fields))).toMatchObject({ status: "request", request: fields });
    expect(parseRequest(message({ type: "infer", model: {} }))).toMatchObject({ status: "refused" });
  });

  it.each([
    [{ type: "select", iteration: -1 }, "iteration"],
    [{ type: "select", iteration: 1.5 }, "iteration"],
    [{ type: "open", runs: "x" }, "runs"],
    [{ type: "open", runs: Array(65).fill("x") }, "runs"],
    [{ type: "setView", view: { position: [Number.NaN, 0, 0] } }, "position"],
    [{ type: "setView", view: { scale: 0 } }, "scale"],
    [{ type: "read", layer: "raw", begin: [0.5, 0, 0], end: [1, 1, 1] }, "begin"],
    [{ type: "dance" }, "dance"],
  ])("that is malformed is refused by name: %j", (fields, named) => {
    const parsed = parseRequest(message(fields));
    expect(parsed).toMatchObject({ status: "refused", id: 7, code: "bad-message" });
    expect(parsed.status === "refused" ? parsed.message : "").toContain(named);
  });

  it("asks for stored outputs to be scored, unless it says otherwise", () => {
    const validate = (fields: object) => parseRequest(message({ type: "validate", ...fields }));
    expect(validate({ iteration: 3 })).toMatchObject({ request: { iteration: 3, prediction: "stored" } });
    const fields = { iteration: "best", dataset: "a", parameters: "threshold_127", prediction: "inference" };
    expect(validate(fields)).toMatchObject({ status: "request", request: fields });
    expect(validate({})).toMatchObject({ status: "refused" });
  });
});

describe("who may embed", () => {
  const deployed = {
    ownOrigin: "https://viewer.example.org",
    origins: parseEmbedOrigins({ origins: ["https://dash.example.org/"] }),
  };
  it.each([
    ["https://viewer.example.org", true],
    ["https://dash.example.org", true],
    ["https://dash.example.org.evil.example", false],
    ["http://dash.example.org", false],
    ["http://localhost:3000", false],
  ])("%s: %s", (origin, allowed) => expect(isAllowedOrigin(deployed, origin)).toBe(allowed));

  const local = { ownOrigin: "http://localhost:8377", origins: [] };
  it.each([
    ["http://localhost:3000", true],
    ["http://127.0.0.1:9", true],
    ["http://[::1]:9", true],
    ["http://127.0.0.1.evil.example", false],
    ["http://localhost.evil.example", false],
    ["https://dash.example.org", false],
  ])("a viewer on loopback, %s: %s", (origin, allowed) => expect(isAllowedOrigin(local, origin)).toBe(allowed));

  it.each([null, {}, { origins: "x" }, { origins: ["javascript:alert(1)", 5] }, { origins: ["*"] }])(
    "gives nothing for an embed.json of %j",
    (document) => expect(parseEmbedOrigins(document)).toEqual([]),
  );
});

describe("states for a host", () => {
  afterEach(() => void vi.useRealTimers());
  it("come at most ten a second, the newest last", () => {
    vi.useFakeTimers();
    const sent: { at: number; state: unknown }[] = [];
    const throttle = throttleStates((state) => sent.push({ at: performance.now(), state }));
    for (let i = 0; i < 100; i += 1) {
      throttle.push({ i } as never);
      vi.advanceTimersByTime(7);
    }
    vi.advanceTimersByTime(200);
    expect(sent.at(-1)?.state).toEqual({ i: 99 });
    const gaps = sent.slice(1).map(({ at }, i) => at - (sent[i]?.at ?? 0));
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(100);
    expect(sent.length).toBeGreaterThan(4);
  });
});
