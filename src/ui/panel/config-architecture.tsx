import { useState } from "react";
import type { CNNectomeUNetConfig } from "#dacapo/architecture.ts";
import { add } from "#dacapo/coordinate.ts";
import { modelShapes } from "#dacapo/model.ts";
import type { RunConfig } from "#dacapo/run-config.ts";
import { parameterCount, unetCost } from "#dacapo/unet-cost.ts";
import { receptiveField, unetShapes } from "#dacapo/unet-shapes.ts";
import { ChoiceField } from "../parts/choice-field.tsx";
import { toCount } from "../words.ts";
import { toConfigTitle } from "./config-facts.ts";
import { ConfigSettings } from "./config-settings.tsx";
import { type Fact, Facts } from "./facts.tsx";
import { UnetDrawing } from "./unet-drawing.tsx";
import { UnetLevels } from "./unet-levels.tsx";

const toShape = (shape: readonly number[]) => shape.join(" × ");

export function ConfigArchitecture({ config }: { readonly config: RunConfig }) {
  const { architectureConfig } = config;
  return (
    <section className="dv-section" aria-label="Network">
      <h3>Network</h3>
      <Facts facts={[["architecture", toConfigTitle(architectureConfig)], ...toShapeFacts(config)]} />
      {architectureConfig?.type === "CNNectomeUNetConfig" ? <Unet unet={architectureConfig} /> : undefined}
      <ConfigSettings of="architecture_config" />
    </section>
  );
}

function toShapeFacts({ architectureConfig, taskConfig }: RunConfig): readonly Fact[] {
  if (architectureConfig === undefined) return [];
  const shapes = modelShapes(architectureConfig, taskConfig);
  if (!shapes.ok) return [["shapes", shapes.problem]];
  const parameters = parameterCount(architectureConfig, taskConfig);
  return [
    ["input", `${shapes.inputChannels} × ${toShape(shapes.inputShape)} voxels`],
    ["output", `${shapes.outputChannels ?? "?"} × ${toShape(shapes.outputShape)} voxels`],
    ["when validating", `${toShape(shapes.evalInputShape)} → ${toShape(shapes.evalOutputShape)}`],
    ["parameters", parameters === undefined ? undefined : toCount(parameters)],
    ...(architectureConfig.type === "CNNectomeUNetConfig" ? toUnetFacts(architectureConfig) : []),
  ];
}

function toUnetFacts(unet: CNNectomeUNetConfig): readonly Fact[] {
  const habits = [
    `${unet.padding} padding`,
    unet.constantUpsample ? "nearest upsampling" : "transposed convolutions",
    unet.batchNorm ? "batch norm" : undefined,
    unet.useAttention ? "attention" : undefined,
  ];
  return [
    ["receptive field", `${toShape(receptiveField(unet))} voxels`],
    ["built with", habits.filter((habit) => habit !== undefined).join(", ")],
  ];
}

function Unet({ unet }: { readonly unet: CNNectomeUNetConfig }) {
  const [validating, setValidating] = useState(false);
  const input = validating ? add(unet.inputShape, unet.evalShapeIncrease ?? 0) : unet.inputShape;
  const shapes = unetShapes(unet, input);
  const cost = unetCost(unet, input);
  return (
    <>
      {unet.evalShapeIncrease === undefined ? undefined : (
        <ChoiceField
          label="shapes while"
          value={validating ? "validating" : "training"}
          onChange={(value) => setValidating(value === "validating")}
        >
          <option>training</option>
          <option>validating</option>
        </ChoiceField>
      )}
      {shapes.ok && cost.ok ? (
        <>
          <UnetDrawing unet={unet} shapes={shapes} />
          <UnetLevels shapes={shapes} cost={cost} />
        </>
      ) : (
        <p className="dv-note">{shapes.ok ? "" : shapes.problem}</p>
      )}
    </>
  );
}
