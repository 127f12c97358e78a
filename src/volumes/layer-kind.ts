export type LayerKind =
  | "grey"
  | "affinities"
  | "lsds"
  | "distances"
  | "classes"
  | "binary"
  | "instances"
  | "class-segmentation";
