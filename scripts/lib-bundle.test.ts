import { expect, it } from "vitest";
import { toPlainUrls } from "./lib-bundle.ts";

const files = new Set(["assets/a.js", "../assets/a.js", "b.wasm", "./b.wasm"]);
const plain = (code: string) => toPlainUrls(code, (path) => files.has(path));

it.each([
  ["new Worker(new URL(new URL(`../assets/a.js`,import.meta.url).href,``+import.meta.url),{})", "../assets/a.js"],
  ['new Worker(new URL("assets/a.js", import.meta.url),{})', "./assets/a.js"],
])("writes a worker's address as bundlers know it: %s", (code, path) => {
  expect(plain(code)).toBe(`new Worker(new URL("${path}",import.meta.url),{})`);
});

it("leaves out a file that the build does not have", () => {
  expect(plain("x=new URL(`b.wasm`,import.meta.url)")).toBe('x=new URL("./b.wasm",import.meta.url)');
  expect(plain("x=new URL(`gone.mjs`,import.meta.url)")).toBe("x=new URL(import.meta.url)");
});

it("keeps bundlers out of an import that is computed, and leaves the others", () => {
  expect(plain("import(\n/*webpackIgnore:true*/\n/*@vite-ignore*/\ne)")).toBe(
    "import(/* webpackIgnore: true *//* @vite-ignore */e)",
  );
  expect(plain('import("./a.js");import(`./a.js`)')).toBe('import("./a.js");import(`./a.js`)');
});
