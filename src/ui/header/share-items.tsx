import { Download, ExternalLink, FileText, Image, Link } from "lucide-react";
import { useEffect, useState } from "react";
import type { SharedLink } from "#state/view-link.ts";
import { useApp, useRun } from "../app-context.ts";
import { MenuItem } from "../parts/menu-item.tsx";
import { PixelChoice } from "../parts/pixel-choice.tsx";
import { saveBlob } from "../parts/save-blob.ts";
import { useCopy } from "../parts/use-copy.ts";
import { toCount } from "../words.ts";

/** What can be handed on: the link, words, a picture, the view in stock neuroglancer. */
export default function ShareItems() {
  const { hasOwnPage } = useApp();
  return (
    <>
      {hasOwnPage ? (
        <>
          <CopyLink />
          <CopyMarkdown />
          <hr className="dv-menu-rule" />
        </>
      ) : undefined}
      <Pictures />
      <hr className="dv-menu-rule" />
      <OpenInNeuroglancer />
    </>
  );
}

/** Longer links are cut by some mail and chat programs. */
const ordinaryLength = 2000;

function CopyLink() {
  const { commands } = useApp();
  const { copy, copied, failed } = useCopy();
  const link = useLink();
  const isFolder = useRun()?.url.startsWith("folder:") === true;
  const isLong = link !== undefined && link.href.length > ordinaryLength && link.selectedSegments > 0;
  return (
    <>
      <MenuItem icon={<Link size={14} />} onClick={() => copy(commands.linkToView().then(({ href }) => href))}>
        {copied ? "Link copied" : "Copy link"}
      </MenuItem>
      {isLong ? <CopyShortLink /> : undefined}
      <p className="dv-menu-note">
        {failed
          ? "The browser refused the clipboard; copy the address bar, it always shows this view."
          : toNote(link, isFolder)}
      </p>
    </>
  );
}

function CopyShortLink() {
  const { commands } = useApp();
  const { copy, copied } = useCopy();
  const toHref = () => commands.linkToView({ segments: false }).then(({ href }) => href);
  return (
    <MenuItem icon={<Link size={14} />} onClick={() => copy(toHref())}>
      {copied ? "Short link copied" : "Copy link without the selected segments"}
    </MenuItem>
  );
}

function toNote(link: SharedLink | undefined, isFolder: boolean): string {
  const what = isFolder
    ? "The run is a folder of this computer: the link opens it in this browser alone."
    : "Opens the same run, iteration, layers and position in any browser that reaches the data.";
  if (link === undefined) return what;
  const { href, withoutSegments, selectedSegments } = link;
  if (withoutSegments.length > 0)
    return `${what} The ${toCount(selectedSegments)} selected segments do not fit into a link: those of ${withoutSegments.join(", ")} are left out.`;
  if (href.length <= ordinaryLength || selectedSegments === 0) return what;
  return `${what} With ${toCount(selectedSegments)} selected segments it has ${toCount(href.length)} characters, which some mail and chat programs cut.`;
}

/** The link as it is now, so that its length can be told before it is copied. */
function useLink(): SharedLink | undefined {
  const { commands } = useApp();
  const [link, setLink] = useState<SharedLink>();
  useEffect(() => {
    let left = false;
    void commands.linkToView().then((made) => left || setLink(made));
    return () => {
      left = true;
    };
  }, [commands]);
  return link;
}

function CopyMarkdown() {
  const { commands } = useApp();
  const { copy, copied, failed } = useCopy();
  return (
    <MenuItem icon={<FileText size={14} />} onClick={() => copy(commands.markdownOfView())}>
      {copied ? "Markdown copied" : failed ? "The browser refused the clipboard" : "Copy as Markdown"}
    </MenuItem>
  );
}

function Pictures() {
  const { commands, viewer } = useApp();
  const { copyImage, copied, failed } = useCopy();
  const [scale, setScale] = useState(1);
  const [failure, setFailure] = useState<string>();
  const name = useRun()?.name ?? "volumes";
  const ready = viewer() !== undefined;
  const save = () => {
    setFailure(undefined);
    commands.screenshot(scale).then(
      (image) => saveBlob(image, `${name}.png`),
      (error: unknown) => setFailure(error instanceof Error ? error.message : String(error)),
    );
  };
  return (
    <>
      <MenuItem icon={<Image size={14} />} disabled={!ready} onClick={() => copyImage(commands.screenshot(scale))}>
        {copied
          ? "Image copied"
          : failed
            ? "The browser refused the image; save it instead"
            : "Copy image of the volumes"}
      </MenuItem>
      <MenuItem icon={<Download size={14} />} disabled={!ready} onClick={save}>
        Save image
      </MenuItem>
      <PixelChoice scale={scale} onChange={setScale} />
      {failure === undefined ? undefined : (
        <p className="dv-menu-note" role="alert">
          {failure}
        </p>
      )}
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
