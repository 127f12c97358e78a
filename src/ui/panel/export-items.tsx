import { FileSpreadsheet, Image } from "lucide-react";
import { type RefObject, useState } from "react";
import { MenuItem } from "../parts/menu-item.tsx";
import { PixelChoice } from "../parts/pixel-choice.tsx";
import { saveBlob } from "../parts/save-blob.ts";
import type { ExportProps } from "./export-props.ts";

export default function ExportItems({ name, subtitle, chart, csv }: ExportProps) {
  const saveCsv = async () => saveBlob(new Blob([...(await csv())], { type: "text/csv" }), `${name}.csv`);
  return (
    <>
      <MenuItem icon={<FileSpreadsheet size={14} />} onClick={() => void saveCsv()}>
        {chart === undefined ? "CSV: all rows" : "CSV: every recorded value"}
      </MenuItem>
      {chart === undefined ? undefined : <PictureItems name={name} subtitle={subtitle} chart={chart} />}
    </>
  );
}

type PictureProps = Pick<ExportProps, "name"> & {
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
