import { ScreenshotMode } from "neuroglancer/unstable/util/trackable_screenshot_mode.js";
import { freezePicture } from "./freeze.ts";
import type { Session } from "./session.ts";
import { VolumeViewerError } from "./volume-viewer-error.ts";

/** As neuroglancer's own screenshots: what graphics drivers draw at once without failing. */
const maxPixels = 5100 * 5100;
const patienceMs = 60_000;

/**
 * A PNG of the volumes as they are on screen; with a scale, of the same view in so many times as many pixels across, for
 * which finer data is loaded. What is on screen stays meanwhile.
 * @throws VolumeViewerError "draw"
 */
export async function takePicture(session: Session, container: HTMLElement, scale = 1): Promise<Blob> {
  if (scale === 1) return toBlob(session);
  const { display } = session.engine.viewer;
  const [width, height] = [Math.round(display.canvas.width * scale), Math.round(display.canvas.height * scale)];
  checkSize(width, height);
  const thaw = freezePicture(session.engine, container);
  try {
    display.screenshotMode.value = ScreenshotMode.PREVIEW;
    resize(session, width, height, 1 / scale);
    await whenWhole(session);
    return await toBlob(session);
  } finally {
    display.screenshotMode.value = ScreenshotMode.OFF;
    resize(session, width, height, scale);
    display.draw();
    thaw();
  }
}

function checkSize(width: number, height: number): void {
  if (width * height <= maxPixels) return;
  const message = `A picture of ${width} × ${height} pixels is more than graphics cards draw at once: take fewer pixels, or make the window smaller.`;
  throw new VolumeViewerError("draw", message);
}

/** In the other mode the canvas takes its size from the page. */
function resize({ engine }: Session, width: number, height: number, zoom: number): void {
  const { display, crossSectionScale } = engine.viewer;
  if (display.screenshotMode.value !== ScreenshotMode.OFF) Object.assign(display.canvas, { width, height });
  crossSectionScale.value *= zoom;
  ++display.resizeGeneration;
  display.draw();
}

async function whenWhole({ settling }: Session): Promise<void> {
  settling.touch();
  try {
    await settling.whenSettled(AbortSignal.timeout(patienceMs));
  } catch (cause) {
    throw new VolumeViewerError(
      "draw",
      "The data for so large a picture did not come within a minute: try a smaller one.",
      cause,
    );
  }
}

function toBlob({ engine }: Session): Promise<Blob> {
  const { display } = engine.viewer;
  return new Promise((resolve, reject) => {
    display.draw(); // a WebGL canvas can be read only in the task that drew it
    display.canvas.toBlob((blob) => {
      if (blob !== null) resolve(blob);
      else
        reject(new VolumeViewerError("draw", "The browser gave no picture of the volumes: the view may have no size."));
    }, "image/png");
  });
}
