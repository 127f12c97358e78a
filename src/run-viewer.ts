// The React component: a thin skin on the same mount, so that the page's React and the viewer's own never meet.
import {
  type CSSProperties,
  createElement,
  forwardRef,
  useEffect,
  useImperativeHandle,
  useLayoutEffect,
  useRef,
} from "react";
import { mountRunViewer, type RunViewerHandle, type RunViewerMessage, type RunViewerOptions } from "./lib.ts";

export type RunViewerProps = RunViewerOptions & {
  readonly className?: string | undefined;
  readonly style?: CSSProperties | undefined;
  /** Every message that the viewer sends by itself. */
  readonly onMessage?: ((message: RunViewerMessage) => void) | undefined;
  readonly onReady?: ((message: RunViewerMessage) => void) | undefined;
  readonly onState?: ((message: RunViewerMessage) => void) | undefined;
  readonly onValidation?: ((message: RunViewerMessage) => void) | undefined;
  readonly onBest?: ((message: RunViewerMessage) => void) | undefined;
  readonly onError?: ((message: RunViewerMessage) => void) | undefined;
};

const fills: CSSProperties = { height: "100%" };

function tell(props: RunViewerProps, message: RunViewerMessage): void {
  const { onReady, onState, onValidation, onBest, onError } = props;
  const named = { ready: onReady, state: onState, validation: onValidation, best: onBest, error: onError };
  props.onMessage?.(message);
  for (const [type, listener] of Object.entries(named)) if (type === message.type) listener?.(message);
}

/** Fills the box that `className` and `style` give it; its ref is the handle of the mounted viewer. */
export const RunViewer = forwardRef<RunViewerHandle | null, RunViewerProps>(function RunViewer(props, ref) {
  const element = useRef<HTMLDivElement>(null);
  const handle = useRef<RunViewerHandle | null>(null);
  const latest = useRef(props);
  useEffect(() => {
    latest.current = props;
    handle.current?.update(props);
  });
  useLayoutEffect(() => {
    const inside = document.createElement("div");
    inside.style.height = "100%";
    element.current?.append(inside);
    const mounted = mountRunViewer(inside, latest.current);
    const stop = mounted.subscribe((message) => tell(latest.current, message));
    handle.current = mounted;
    return () => {
      stop();
      handle.current = null;
      mounted.dispose();
      inside.remove();
    };
  }, []);
  useImperativeHandle<RunViewerHandle | null, RunViewerHandle | null>(ref, () => handle.current);
  return createElement("div", { ref: element, className: props.className, style: { ...fills, ...props.style } });
});
