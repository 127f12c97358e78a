/** What an array means to a person, which decides how it is drawn. */
export type LayerKind =
  | "grey"
  | "affinities"
  | "distances"
  | "classes"
  | "binary"
  | "instances"
  | "class-segmentation"
  | "object-errors"
  | "mask-errors"
  /** Of two predictions: the second less the first. */
  | "difference"
  /** Of two segmentations: 1 the same, 2 only in the first, 3 only in the second, 4 both and different. */
  | "agreement";

export type LayerRole = "raw" | "gt" | "prediction" | "segmentation";

/** DaCapo's task classes without their "Config" (of a pretrained task, the one within), and "unknown" for what is not known. */
export type TaskType =
  | "DistanceTask"
  | "InnerDistanceTask"
  | "HotDistanceTask"
  | "AffinitiesTask"
  | "OneHotTask"
  | "DummyTask"
  | "unknown";

export type LayerFacts = {
  readonly role: LayerRole;
  readonly task: TaskType;
  /** NumPy's, without the byte order: "b1", "u1", "u8", "f4", ... */
  readonly dtype: string;
  /** Extent of the channel axes; 1 where there are none. */
  readonly channels: number;
};

/** "|b1" and "<u8" lose their first character. */
export function toPlainDtype(dtype: string): string {
  return dtype.replace(/^[|<>=]/, "");
}

const PREDICTIONS: Readonly<Record<TaskType, LayerKind>> = {
  DistanceTask: "distances",
  InnerDistanceTask: "distances",
  HotDistanceTask: "distances",
  AffinitiesTask: "affinities",
  OneHotTask: "classes",
  DummyTask: "grey",
  unknown: "grey",
};

const LABELS: Readonly<Record<TaskType, LayerKind | undefined>> = {
  DistanceTask: "binary",
  InnerDistanceTask: "binary",
  HotDistanceTask: "binary",
  AffinitiesTask: "instances",
  OneHotTask: "class-segmentation",
  DummyTask: undefined,
  unknown: undefined,
};

/** Ground truth may hold instances even where the task only asks inside or outside: wide integers say so. */
function toLabelKind({ role, task, dtype, channels }: LayerFacts): LayerKind {
  if (dtype === "b1") return "binary";
  if (dtype.startsWith("f")) return "grey";
  const byTask = LABELS[task];
  const wide = Number(dtype.slice(1)) >= 2;
  if (byTask === "binary" && role === "gt" && wide && channels === 1) return "instances";
  if (byTask === "instances" && channels > 1) return "binary";
  return byTask ?? (wide ? "instances" : "binary");
}

export function toLayerKind(facts: LayerFacts): LayerKind {
  switch (facts.role) {
    case "raw":
      return "grey";
    case "prediction":
      return facts.channels === 1 && facts.task === "OneHotTask" ? "distances" : PREDICTIONS[facts.task];
    case "gt":
    case "segmentation":
      return toLabelKind(facts);
  }
}
