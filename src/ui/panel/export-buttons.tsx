import { Download, FileSpreadsheet, Image } from "lucide-react";
import { type RefObject, useState } from "react";
import { MenuItem } from "../parts/menu-item.tsx";
import { Popover } from "../parts/popover.tsx";
import { saveBlob } from "../parts/save-blob.ts";

type Props = {
  /** Of the files, without ending. */
  readonly name: string;
  /** Said in the picture. */
  readonly subtitle: string;
  /** Where the chart is drawn. */
  readonly chart: RefObject<HTMLElement | null>;
  readonly csv: () => readonly string[];
};

/** Every recorded value as CSV; the chart as it looks now as PNG. */
export function ExportButtons(props: Props) {
  return (
    <Popover label="Save the chart" icon button={<Download size={15} />}>
      {() => <ExportItems {...props} />}
    </Popover>
  );
}

function ExportItems({ name, subtitle, chart, csv }: Props) {
  const [failure, setFailure] = useState<string | undefined>(undefined);
  const saveCsv = () => saveBlob(new Blob([...csv()], { type: "text/csv" }), `${name}.csv`);
  const savePicture = async (element: HTMLElement) => {
    const { exportPng } = await import("../charts/export-png.ts");
    saveBlob(await exportPng(element, { subtitle }), `${name}.png`);
  };
  const savePng = () => {
    if (chart.current === null) return;
    savePicture(chart.current).catch((error: unknown) =>
      setFailure(error instanceof Error ? error.message : String(error)),
    );
  };
  return (
    <>
      <MenuItem icon={<FileSpreadsheet size={14} />} onClick={saveCsv}>
        CSV: every recorded value
      </MenuItem>
      <MenuItem icon={<Image size={14} />} onClick={savePng}>
        PNG: the chart as it looks now
      </MenuItem>
      {failure === undefined ? undefined : (
        <p className="dv-menu-note" role="alert">
          {failure}
        </p>
      )}
    </>
  );
}
