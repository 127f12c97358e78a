import type { UnetCost } from "#dacapo/unet-cost.ts";
import type { UnetShapes } from "#dacapo/unet-shapes.ts";
import { ScrollBox } from "../parts/scroll-box.tsx";
import { toCount } from "../words.ts";
import { toSize } from "./inference-words.ts";

const toShape = (shape: readonly number[]) => shape.join(" × ");

/** Level by level: channels, what one value there has seen, weights, and memory of a sample on its way through. */
export function UnetLevels({ shapes, cost }: { readonly shapes: UnetShapes; readonly cost: UnetCost }) {
  const { further, levels } = cost;
  const total = levels.reduce((sum, { activationBytes }) => sum + activationBytes, further.activationBytes);
  return (
    <>
      <ScrollBox label="Table of levels">
        <table className="dv-table" aria-label="Levels of the network">
          <thead>
            <tr>
              <th scope="col">level</th>
              <th scope="col">channels</th>
              <th scope="col">receptive field</th>
              <th scope="col">parameters</th>
              <th scope="col">memory</th>
            </tr>
          </thead>
          <tbody>
            {levels.map(({ level, receptiveField, parameters, activationBytes }) => (
              <tr key={level}>
                <td data-plain>{level}</td>
                <td data-plain>{shapes.levels[level]?.channels}</td>
                <td data-plain>{toShape(receptiveField)}</td>
                <td data-plain>{toCount(parameters)}</td>
                <td data-plain>{toSize(activationBytes)}</td>
              </tr>
            ))}
            {further.parameters === 0 ? undefined : (
              <tr>
                <td data-plain>after</td>
                <td data-plain>{shapes.channels}</td>
                <td data-plain>–</td>
                <td data-plain>{toCount(further.parameters)}</td>
                <td data-plain>{toSize(further.activationBytes)}</td>
              </tr>
            )}
          </tbody>
        </table>
      </ScrollBox>
      <p className="dv-dim">
        Receptive field: voxels of the input that a value depends on after the way down. Memory: {toSize(total)} for
        what the layers put out of one sample in single precision; training keeps about as much again for the gradients.
      </p>
    </>
  );
}
