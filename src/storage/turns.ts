/** Milliseconds after which others have their turn on this thread. */
const TURN_MS = 8;

/** For long work on the page's own thread, which goes on after everything that waits. */
export function createTurns(): { isOver(): boolean; next(): Promise<void> } {
  let begun = performance.now();
  return {
    isOver: () => performance.now() - begun >= TURN_MS,
    async next() {
      await new Promise((resolve) => setTimeout(resolve));
      begun = performance.now();
    },
  };
}
