const nearly = 0.9;

/** Whether the viewer is the page, rather than a part of someone else's, whose title and keys are not ours. */
export function fillsPage(root: HTMLElement): boolean {
  return root.clientWidth >= nearly * innerWidth && root.clientHeight >= nearly * innerHeight;
}
