import { FileUp } from "lucide-react";
import { type ChangeEvent, useId } from "react";
import type { OwnModelState } from "#state/app-state.ts";
import { useAppState, useCommands } from "../app-context.ts";
import { AddressField } from "../parts/address-field.tsx";
import { ChoiceField } from "../parts/choice-field.tsx";
import { Popover } from "../parts/popover.tsx";
import { quietly } from "./quietly.ts";

type Props = {
  readonly checkpoints: readonly number[];
  /** Of the checkpoint that is run where no model of one's own is chosen. */
  readonly iteration: number | undefined;
  readonly onChange: (iteration: number) => void;
};

/** A checkpoint of the run, or a model of one's own. */
export function NetworkChoice({ checkpoints, iteration, onChange }: Props) {
  const { pick } = useCommands();
  const models = useAppState((state) => state.models);
  const chosen = useAppState((state) => state.pick.model);
  const choose = (value: string) => {
    const own = models.some(({ id }) => id === value);
    pick({ model: own ? value : undefined });
    if (!own) onChange(Number(value));
  };
  return (
    <ChoiceField label="network" name="Network to run" value={chosen ?? iteration ?? ""} onChange={choose}>
      {checkpoints.length === 0 && models.length === 0 ? <option value="">none yet</option> : undefined}
      {checkpoints.map((each) => (
        <option key={each} value={each}>
          iteration {each}
        </option>
      ))}
      {models.map((model) => (
        <option key={model.id} value={model.id}>
          {toOption(model)}
        </option>
      ))}
    </ChoiceField>
  );
}

function toOption({ name, status }: OwnModelState): string {
  if (status === "loading") return `${name} (loading)`;
  return status === "failed" ? `${name} (cannot be run)` : name;
}

/** Where a model may come from. */
export function AddModel() {
  const { addModel } = useCommands();
  return (
    <Popover label="Add a model" button={<>Add a model</>} title="Run an .onnx file or a bioimage.io package">
      {() => (
        <div className="dv-add">
          <p>Drop an .onnx file or a bioimage.io package anywhere on this page, or</p>
          <FileButton label="Choose a file" accept=".onnx,.zip" onFile={(file) => void addModel(file).catch(quietly)} />
          <AddressField
            label="Address of a model"
            placeholder="https://example.org/model.onnx"
            onAddress={(address) => void addModel(address).catch(quietly)}
          />
        </div>
      )}
    </Popover>
  );
}

type FileProps = { readonly label: string; readonly accept: string; readonly onFile: (file: File) => void };

/** A button that opens the browser's own file choice. */
export function FileButton({ label, accept, onFile }: FileProps) {
  const id = useId();
  const take = ({ target }: ChangeEvent<HTMLInputElement>) => {
    for (const file of target.files ?? []) onFile(file);
    target.value = ""; // the same file may be chosen again
  };
  return (
    <label className="dv-button" htmlFor={id}>
      <FileUp size={16} />
      {label}
      <input id={id} className="dv-hidden-file" type="file" accept={accept} onChange={take} />
    </label>
  );
}
