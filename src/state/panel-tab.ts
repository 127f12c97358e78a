/** What the side panel shows. */
export type PanelTab = "compare" | "scores" | "loss" | "errors" | "layers" | "network" | "config" | "problems";
