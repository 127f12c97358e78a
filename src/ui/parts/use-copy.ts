import { useCallback, useEffect, useState } from "react";

const shownForMs = 2000;

/** Copies text or an image, and says for two seconds that it did; `failed` where the browser refuses the clipboard. */
export function useCopy() {
  const [outcome, setOutcome] = useState<"copied" | "failed" | undefined>(undefined);
  useEffect(() => {
    if (outcome === undefined) return;
    const timer = setTimeout(() => setOutcome(undefined), shownForMs);
    return () => clearTimeout(timer);
  }, [outcome]);
  const write = useCallback((written: () => Promise<void>) => {
    attempt(written).then(setOutcome, () => setOutcome("failed"));
  }, []);
  const copy = (text: string | Promise<string>) => write(async () => navigator.clipboard.writeText(await text));
  const copyImage = (image: Promise<Blob>) =>
    write(() => navigator.clipboard.write([new ClipboardItem({ "image/png": image })]));
  return { copy, copyImage, copied: outcome === "copied", failed: outcome === "failed" };
}

async function attempt(write: () => Promise<void>): Promise<"copied"> {
  await write();
  return "copied";
}
