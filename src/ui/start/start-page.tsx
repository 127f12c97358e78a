import { ThemeMenu } from "../header/theme-menu.tsx";
import { BaseRuns } from "./base-runs.tsx";
import { FolderAsked } from "./folder-asked.tsx";
import { OpenField } from "./open-field.tsx";
import { RecentRuns } from "./recent-runs.tsx";
import { ServedDirectories } from "./served-directories.tsx";
import { StartProblems } from "./start-problems.tsx";
import { useServedBase } from "./use-served-base.ts";
import "./start.css";

export default function StartPage() {
  useServedBase();
  return (
    <main className="dv-start">
      <div className="dv-start-column">
        <div className="dv-start-head">
          <div className="dv-grow">
            <h1>DaCapo run viewer</h1>
            <p>
              Opens a DaCapo training run as it lies on disk: raw, ground truth, predictions and segmentations beside
              the losses and validation scores, followed while it trains.
            </p>
          </div>
          <ThemeMenu />
        </div>
        <FolderAsked />
        <OpenField />
        <StartProblems />
        <RecentRuns />
        <BaseRuns />
        <ServedDirectories />
      </div>
    </main>
  );
}
