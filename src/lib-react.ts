// What the package exports to those who bundle it with React.
// biome-ignore lint/performance/noBarrelFile: the package has one front door
export * from "./lib.ts";
export { RunViewer, type RunViewerProps } from "./run-viewer.ts";
