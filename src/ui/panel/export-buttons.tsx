import { Download, FileSpreadsheet, Image } from "lucide-react";
import { type RefObject, useState } from "react";
import { MenuItem } from "../parts/menu-item.tsx";
import { PixelChoice } from "../parts/pixel-choice.tsx";
import { Popover } from "../parts/popover.tsx";
import { saveBlob } from "../parts/save-blob.ts";

type Props = {
  /** What is saved, as "the loss chart". */
  readonly what?: string;
  /** Of the files, without ending. */
  readonly name: string;
  /** Said in the picture. */
  readonly subtitle?: string;
  /** Where the chart is drawn; a table has none. */
  readonly chart?: RefObject<HTMLElement | null>;
  readonly csv: () => readonly string[];
};

/** Every recorded value as CSV; the chart as it looks now as PNG. */
export function ExportButtons({ what = "the chart", ...props }: Props) {
  return (
    <Popover label={`Save ${what}`} icon button={<Download size={15} />}>
      {() => <ExportItems {...props} />}
    </Popover>
  );
}

function ExportItems({ name, subtitle, chart, csv }: Props) {
  const saveCsv = () => saveBlob(new Blob([...csv()], { type: "text/csv" }), `${name}.csv`);
  return (
    <>
      <MenuItem icon={<FileSpreadsheet size={14} />} onClick={saveCsv}>
        {chart === undefined ? "CSV: all rows" : "CSV: every recorded value"}
      </MenuItem>
      {chart === undefined ? undefined : <PictureItems name={name} subtitle={subtitle} chart={chart} />}
    </>
  );
}

type PictureProps = Pick<Props, "name"> & {
  readonly subtitle: string | undefined;
  readonly chart: RefObject<HTMLElement | null>;
};

function PictureItems({ name, subtitle, chart }: PictureProps) {
  const [failure, setFailure] = useState<string | undefined>(undefined);
  const [scale, setScale] = useState(2);
  const savePicture = async (element: HTMLElement) => {
    const { exportPng } = await import("../charts/export-png.ts");
    saveBlob(await exportPng(element, { scale, ...(subtitle !== undefined && { subtitle }) }), `${name}.png`);
  };
  const savePng = () => {
    if (chart.current === null) return;
    savePicture(chart.current).catch((error: unknown) =>
      setFailure(error instanceof Error ? error.message : String(error)),
    );
  };
  return (
    <>
      <MenuItem icon={<Image size={14} />} onClick={savePng}>
        PNG: the chart as it looks now
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
