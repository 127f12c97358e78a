import { Download, ExternalLink, Image, Link } from "lucide-react";
import { useApp, useRun } from "../app-context.ts";
import { MenuItem } from "../parts/menu-item.tsx";
import { saveBlob } from "../parts/save-blob.ts";
import { useCopy } from "../parts/use-copy.ts";

/** What can be handed on: the link, a picture, the view in stock neuroglancer. */
export default function ShareItems() {
  return (
    <>
      <CopyLink />
      <CopyImage />
      <hr className="dv-menu-rule" />
      <OpenInNeuroglancer />
    </>
  );
}

function CopyLink() {
  const { commands } = useApp();
  const { copy, copied, failed } = useCopy();
  return (
    <>
      <MenuItem icon={<Link size={14} />} onClick={() => copy(commands.linkToView())}>
        {copied ? "Link copied" : "Copy link"}
      </MenuItem>
      <p className="dv-menu-note">
        {failed
          ? "The browser refused the clipboard; copy the address bar, it always shows this view."
          : "Opens the same run, iteration, layers and position in any browser that reaches the data."}
      </p>
    </>
  );
}

function CopyImage() {
  const { commands, viewer } = useApp();
  const { copyImage, copied, failed } = useCopy();
  const name = useRun()?.name ?? "volumes";
  const ready = viewer() !== undefined;
  const save = () => void commands.screenshot().then((image) => saveBlob(image, `${name}.png`));
  return (
    <>
      <MenuItem icon={<Image size={14} />} disabled={!ready} onClick={() => copyImage(commands.screenshot())}>
        {copied
          ? "Image copied"
          : failed
            ? "The browser refused the image; save it instead"
            : "Copy image of the volumes"}
      </MenuItem>
      <MenuItem icon={<Download size={14} />} disabled={!ready} onClick={save}>
        Save image
      </MenuItem>
    </>
  );
}

function OpenInNeuroglancer() {
  const { url, omitted } = useApp().commands.linkToNeuroglancer();
  return (
    <>
      <a className="dv-menu-item" href={url} target="_blank" rel="noreferrer">
        <ExternalLink size={14} />
        Open in neuroglancer
      </a>
      {omitted.length === 0 ? undefined : (
        <ul className="dv-menu-note" aria-label="What neuroglancer will not show">
          {omitted.map((sentence) => (
            <li key={sentence}>{sentence}</li>
          ))}
        </ul>
      )}
    </>
  );
}
