// What a device's values are worth: compared once for each network and device, remembered by the browser after that.
import * as v from "valibot";
import type { ParityProof } from "#inference/parity-proof.ts";
import type { ParityState } from "./app-state.ts";
import type { KeyValue } from "./recents.ts";

const storageKey = "dacapo-run-viewer.parity";
const maxRemembered = 100;

const paritySchema = v.object({
  level: v.picklist(["ok", "warn", "refuse"]),
  maxDifference: v.nullable(v.number()), // JSON has no infinity
  excused: v.boolean(),
  sentences: v.pipe(v.array(v.pipe(v.string(), v.maxLength(1000))), v.maxLength(8)),
});
const schema = v.array(v.tuple([v.pipe(v.string(), v.maxLength(8192)), paritySchema]));

type Entry = v.InferOutput<typeof schema>[number];

/** Absent where there was nothing to compare with. `key` names the network, the data, and the device with its settings. */
export async function proveOrRecall(
  storage: KeyValue | undefined,
  key: string,
  prove: () => Promise<ParityProof>,
): Promise<ParityState | undefined> {
  const known = readEntries(storage).find(([name]) => name === key)?.[1];
  if (known !== undefined)
    return { ...known, maxDifference: known.maxDifference ?? Number.POSITIVE_INFINITY, remembered: true };
  const parity = toParityState(await prove());
  if (parity !== undefined) remember(storage, key, parity);
  return parity;
}

/** The verdict that counts, and what every comparison says, the one that counts first. */
export function toParityState({ verdict, verdicts }: ParityProof): ParityState | undefined {
  if (verdict === undefined) return undefined;
  const { level, comparison, excused = false } = verdict;
  const ordered = [verdict, ...verdicts.filter((other) => other !== verdict)];
  const sentences = ordered.map(({ sentence }) => sentence);
  return { level, maxDifference: comparison.maxDifference, excused, sentences, remembered: false };
}

function readEntries(storage: KeyValue | undefined): readonly Entry[] {
  try {
    const parsed = v.safeParse(schema, JSON.parse(storage?.getItem(storageKey) ?? "[]"));
    return parsed.success ? parsed.output : [];
  } catch {
    return []; // refused by the browser, or not JSON: it is compared again
  }
}

function remember(storage: KeyValue | undefined, key: string, { remembered: _, ...parity }: ParityState): void {
  const others = readEntries(storage).filter(([name]) => name !== key);
  const entries = [[key, parity], ...others].slice(0, maxRemembered);
  try {
    storage?.setItem(storageKey, JSON.stringify(entries));
  } catch {
    // full or refused: it is compared again on the next visit
  }
}
