/** Next to each other, one over the other, or what differs. */
export type CompareMode = "side" | "swipe" | "difference";
