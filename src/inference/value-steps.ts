/** Something done to every value of a tensor. Lists have one entry for all channels, or one for each. */
export type ValueStep =
  | { readonly kind: "linear"; readonly gain: readonly number[]; readonly offset: readonly number[] }
  | { readonly kind: "clip"; readonly min: number; readonly max: number }
  | { readonly kind: "binarize"; readonly threshold: readonly number[] }
  | { readonly kind: "sigmoid" }
  /** Over the channels. */
  | { readonly kind: "softmax" };

/** Something that depends on all values of an image: they are looked at before. Percentiles are 0 to 100. */
export type FittedStep =
  | { readonly kind: "standardise"; readonly perChannel: boolean; readonly eps: number }
  | {
      readonly kind: "range";
      readonly perChannel: boolean;
      readonly low: number;
      readonly high: number;
      readonly eps: number;
    };

export type AnyStep = ValueStep | FittedStep;

/** Values of channel c lie at c * stride + n * channels * stride, for n from 0, each with `stride` of them side by side. */
export type ChannelLayout = { readonly channels: number; readonly stride: number };

/** Channels first, nothing before them. */
export function channelsFirst(channels: number, count: number): ChannelLayout {
  return { channels, stride: channels === 0 ? 1 : count / channels };
}

/** In place. */
export function applySteps(data: Float32Array, steps: readonly ValueStep[], layout: ChannelLayout): void {
  for (const step of steps) {
    if (step.kind === "softmax") softmax(data, layout);
    else applyEach(data, toFunctions(step, layout.channels), layout);
  }
}

type Change = (value: number) => number;

type Pointwise = Exclude<ValueStep, { kind: "softmax" }>;

function toFunctions(step: Pointwise, channels: number): readonly Change[] {
  return Array.from({ length: channels }, (_, channel) => toFunction(step, channel));
}

function toFunction(step: Pointwise, channel: number): Change {
  switch (step.kind) {
    case "linear": {
      const [gain, offset] = [entryOf(step.gain, channel, 1), entryOf(step.offset, channel, 0)];
      return (value) => value * gain + offset;
    }
    case "clip":
      return (value) => Math.min(Math.max(value, step.min), step.max);
    case "binarize": {
      const threshold = entryOf(step.threshold, channel, 0);
      return (value) => Number(value > threshold);
    }
    case "sigmoid":
      return (value) => 1 / (1 + Math.exp(-value));
  }
}

function entryOf(list: readonly number[], channel: number, standard: number): number {
  return (list.length === 1 ? list[0] : list[channel]) ?? standard;
}

function applyEach(data: Float32Array, changes: readonly Change[], { channels, stride }: ChannelLayout): void {
  for (let begin = 0, run = 0; begin < data.length; begin += stride, run++) {
    const change = changes[run % channels];
    const end = Math.min(begin + stride, data.length);
    if (change) for (let i = begin; i < end; i++) data[i] = change(data[i] ?? 0);
  }
}

function softmax(data: Float32Array, { channels, stride }: ChannelLayout): void {
  for (let group = 0; group < data.length; group += channels * stride)
    for (let i = group; i < group + stride; i++) softmaxAt(data, i, channels, stride);
}

function softmaxAt(data: Float32Array, first: number, channels: number, stride: number): void {
  let [most, sum] = [Number.NEGATIVE_INFINITY, 0];
  for (let c = 0; c < channels; c++) most = Math.max(most, data[first + c * stride] ?? 0);
  for (let c = 0; c < channels; c++) sum += Math.exp((data[first + c * stride] ?? 0) - most);
  for (let c = 0; c < channels; c++) {
    const at = first + c * stride;
    data[at] = Math.exp((data[at] ?? 0) - most) / sum;
  }
}

/** Steps that hold for the image that `sample` is of, channels first; the sample is used up. */
export function fitSteps(steps: readonly AnyStep[], sample: Float32Array, channels: number): readonly ValueStep[] {
  const layout = channelsFirst(channels, sample.length);
  return steps.map((step) => {
    const fitted = step.kind === "standardise" || step.kind === "range" ? fitStep(step, sample, layout) : step;
    applySteps(sample, [fitted], layout);
    return fitted;
  });
}

export function needsSample(steps: readonly AnyStep[]): boolean {
  return steps.some(({ kind }) => kind === "standardise" || kind === "range");
}

function fitStep(step: FittedStep, sample: Float32Array, { channels, stride }: ChannelLayout): ValueStep {
  const parts = step.perChannel
    ? Array.from({ length: channels }, (_, c) => sample.subarray(c * stride, (c + 1) * stride))
    : [sample];
  const fits = parts.map((part) => (step.kind === "range" ? fitRange(part, step) : fitMoments(part, step.eps)));
  return { kind: "linear", gain: fits.map(({ gain }) => gain), offset: fits.map(({ offset }) => offset) };
}

type Line = { readonly gain: number; readonly offset: number };

/** (x - mean) / (std + eps) */
function fitMoments(values: Float32Array, eps: number): Line {
  let [mean, squares] = [0, 0];
  for (const value of values) mean += value / values.length;
  for (const value of values) squares += (value - mean) ** 2 / values.length;
  const gain = 1 / (Math.sqrt(squares) + eps);
  return { gain, offset: -mean * gain };
}

/** (x - low) / (high - low + eps), with NumPy's percentiles. */
function fitRange(values: Float32Array, { low, high, eps }: Extract<FittedStep, { kind: "range" }>): Line {
  const sorted = values.toSorted();
  const [from, to] = [percentile(sorted, low), percentile(sorted, high)];
  const gain = 1 / (to - from + eps);
  return { gain, offset: -from * gain };
}

function percentile(sorted: Float32Array, percent: number): number {
  const place = ((sorted.length - 1) * Math.min(Math.max(percent, 0), 100)) / 100;
  const [below, above] = [sorted[Math.floor(place)] ?? 0, sorted[Math.ceil(place)] ?? 0];
  return below + (above - below) * (place - Math.floor(place));
}
