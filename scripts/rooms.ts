import { readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";

/** What a room may import besides its own files: rooms below it, and the packages whose door it is. */
type Room = { readonly rooms: readonly string[]; readonly packages: readonly string[] };

const rooms: Readonly<Record<string, Room>> = {
  dacapo: { rooms: [], packages: [] },
  storage: { rooms: ["dacapo"], packages: ["zarrita", "@zarrita/storage", "yaml"] },
  evaluation: { rooms: ["dacapo"], packages: [] },
  serve: { rooms: ["dacapo", "storage"], packages: ["node:*", "sirv"] },
  volumes: { rooms: ["dacapo", "storage"], packages: ["neuroglancer"] },
  inference: { rooms: ["dacapo", "storage", "evaluation"], packages: ["onnxruntime-web"] },
  state: { rooms: ["dacapo", "storage", "evaluation", "volumes", "inference"], packages: ["zustand", "valibot"] },
  ui: {
    rooms: ["dacapo", "state", "volumes"],
    packages: ["react", "react-dom", "recharts", "zustand", "lucide-react", "sonner", "tinykeys"],
  },
};

/** Files that stand above the rooms; a relative path must not lead out of a room to them. */
const roof = ["main", "embed", "host-messages", "lib*", "run-viewer*"];

function toPatterns(name: string, { rooms: below, packages }: Room): readonly string[] {
  const doors = packages.flatMap((door) => [`!${door}`, `!${door}/**`]);
  const outside = [...Object.keys(rooms).map((other) => `../${other}/**`), ...roof.map((file) => `../${file}.*`)];
  return ["**", "!./**", "!../**", "../../**", ...outside, ...[name, ...below].map((room) => `!#${room}/**`), ...doors];
}

function toOverride([name, room]: [string, Room]) {
  const may = [...room.rooms.map((below) => `${below}/`), ...room.packages].join(", ") || "nothing";
  const message = `${name}/ may import ${may}, and its own files by ./ or #${name}/.`;
  const options = { patterns: [{ group: toPatterns(name, room), message }] };
  return {
    includes: [`src/${name}/**`, "!**/*.test.*"],
    linter: { rules: { style: { noRestrictedImports: { level: "error", options } } } },
  };
}

/** Biome's overrides for the rooms: an override replaces a rule's options, so every room has its whole list. */
export const roomOverrides = Object.entries(rooms).map(toOverride);

/** Writes the table into biome.json; `npm run format` lays it out. */
if (process.argv[1]?.endsWith("rooms.ts")) {
  const path = resolve(import.meta.dirname, "../biome.json");
  const config = JSON.parse(readFileSync(path, "utf8")) as object;
  writeFileSync(path, `${JSON.stringify({ ...config, overrides: roomOverrides }, null, 2)}\n`);
}
