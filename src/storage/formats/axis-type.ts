/** "space" and "time" axes have a voxel size and an offset, "channel" axes do not. */
export type AxisType = "channel" | "space" | "time";
