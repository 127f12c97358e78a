import { ChevronLeft, ChevronRight, Pause, Play } from "lucide-react";
import { useAppState, useCommands } from "../app-context.ts";
import { IconButton } from "../parts/icon-button.tsx";
import type { Mark } from "./timeline-marks.ts";

export function TransportButtons({ marks }: { readonly marks: readonly Mark[] }) {
  const playing = useAppState((state) => state.playing);
  const { step, setPlaying } = useCommands();
  const count = marks.filter(({ selectable }) => selectable).length;
  return (
    <div className="dv-timeline-buttons">
      <IconButton label="Previous iteration (j)" disabled={count < 2} onClick={() => step(-1)}>
        <ChevronLeft size={18} />
      </IconButton>
      <IconButton
        label={playing ? "Pause (p)" : "Play through the iterations (p)"}
        disabled={count < 2}
        onClick={() => setPlaying(!playing)}
      >
        {playing ? <Pause size={16} /> : <Play size={16} />}
      </IconButton>
      <IconButton label="Next iteration (k)" disabled={count < 2} onClick={() => step(1)}>
        <ChevronRight size={18} />
      </IconButton>
    </div>
  );
}
