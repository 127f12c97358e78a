import { FolderOpen } from "lucide-react";
import type { OwnRawState, RunState } from "#state/app-state.ts";
import { otherRaws } from "#state/other-raws.ts";
import { useAppState, useCommands } from "../app-context.ts";
import { AddressField } from "../parts/address-field.tsx";
import { ChoiceField } from "../parts/choice-field.tsx";
import { Popover } from "../parts/popover.tsx";
import { canPickFolders, pickFolder } from "../start/local-folders.ts";
import { quietly } from "./quietly.ts";

type Props = { readonly run: RunState; readonly dataset: string | undefined };

/** The shown validation dataset, or an array of one's own. */
export function RawChoice({ run, dataset }: Props) {
  const { pick, addRaw } = useCommands();
  const raws = useAppState((state) => state.raws);
  const chosen = useAppState((state) => state.pick.raw);
  const others = otherRaws(run).filter(({ path }) => !raws.some(({ address }) => address === path));
  const choose = (value: string) => {
    const other = others.find(({ path }) => path === value);
    if (other) return void addRaw(other).catch(quietly);
    pick({ raw: raws.some(({ id }) => id === value) ? value : undefined });
  };
  return (
    <ChoiceField label="on" name="Data to run on" value={chosen ?? ""} onChange={choose}>
      <option value="">{dataset ?? "no dataset"}</option>
      {raws.map((raw) => (
        <option key={raw.id} value={raw.id}>
          {toOption(raw)}
        </option>
      ))}
      {others.length === 0 ? undefined : (
        <optgroup label="named by the run's config">
          {others.map(({ name, path }) => (
            <option key={path} value={path}>
              {name}: {path}
            </option>
          ))}
        </optgroup>
      )}
    </ChoiceField>
  );
}

function toOption({ name, status }: OwnRawState): string {
  if (status === "loading") return `${name} (opening)`;
  return status === "failed" ? `${name} (cannot be read)` : name;
}

/** Where an array may come from. */
export function AddRaw() {
  const { addRaw } = useCommands();
  const choose = async () => {
    const folder = await pickFolder();
    if (folder !== undefined) await addRaw(folder).catch(quietly);
  };
  return (
    <Popover label="Add data" button={<>Add data</>} title="Run the network on a zarr, N5 or OME-Zarr array">
      {() => (
        <div className="dv-add">
          <p>Drop a zarr or N5 folder anywhere on this page, or</p>
          {canPickFolders() ? (
            <button type="button" className="dv-button" onClick={() => void choose()}>
              <FolderOpen size={16} />
              Choose a folder
            </button>
          ) : undefined}
          <AddressField
            label="Address of an array"
            placeholder="https://example.org/volume.zarr/raw"
            onAddress={(address) => void addRaw(address).catch(quietly)}
          />
        </div>
      )}
    </Popover>
  );
}
