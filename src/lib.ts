// The library: a viewer in an element of any page, without React or a bundler of the page's own. It speaks the public
// contract, section 4, as an iframe does. Importing it defines the element <dacapo-run-viewer>.
import { defineElement } from "./run-viewer-element.ts";
import { mountRunViewer } from "./run-viewer-mount.ts";

export type { RunViewerElement, RunViewerEventMap } from "./run-viewer-element.ts";
export type { RunViewerMessage, RunViewerRequest } from "./run-viewer-message.ts";
export type { RunViewerHandle } from "./run-viewer-mount.ts";
export type { RunViewerOptions } from "./run-viewer-options.ts";
export { mountRunViewer };

defineElement(mountRunViewer);
