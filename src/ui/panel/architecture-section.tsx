import type { CNNectomeUNetConfig } from "#dacapo/architecture.ts";
import { modelShapes } from "#dacapo/model.ts";
import type { RunConfig } from "#dacapo/run-config.ts";
import { receptiveField, type UnetLevel, unetShapes } from "#dacapo/unet-shapes.ts";
import { toConfigTitle } from "./config-facts.ts";
import { type Fact, Facts } from "./facts.tsx";

const toShape = (shape: readonly number[]) => shape.join(" × ");

export function ArchitectureSection({ config }: { readonly config: RunConfig }) {
  const { architectureConfig } = config;
  return (
    <section className="dv-section" aria-label="Network">
      <h3>Network</h3>
      <Facts facts={[["architecture", toConfigTitle(architectureConfig)], ...toShapeFacts(config)]} />
      {architectureConfig?.type === "CNNectomeUNetConfig" ? <UnetDrawing unet={architectureConfig} /> : undefined}
    </section>
  );
}

function toShapeFacts({ architectureConfig, taskConfig }: RunConfig): readonly Fact[] {
  if (architectureConfig === undefined) return [];
  const shapes = modelShapes(architectureConfig, taskConfig);
  if (shapes === undefined) return [];
  if (!shapes.ok) return [["shapes", shapes.problem]];
  return [
    ["input", `${shapes.inputChannels} × ${toShape(shapes.inputShape)} voxels`],
    ["output", `${shapes.outputChannels ?? "?"} × ${toShape(shapes.outputShape)} voxels`],
    ["when validating", `${toShape(shapes.evalInputShape)} → ${toShape(shapes.evalOutputShape)}`],
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

/** Down on the left, up on the right, a row a level; channels × voxels after the convolutions of each. */
function UnetDrawing({ unet }: { readonly unet: CNNectomeUNetConfig }) {
  const shapes = unetShapes(unet, unet.inputShape);
  if (!shapes.ok) return <p className="dv-note">{shapes.problem}</p>;
  return (
    <div className="dv-unet" role="img" aria-label={`U-Net of ${shapes.levels.length} levels`}>
      {shapes.levels.map((level) => (
        <Level key={level.level} level={level} />
      ))}
    </div>
  );
}

function Level({ level }: { readonly level: UnetLevel }) {
  const inset = { paddingInline: `${level.level * 5}%` };
  return (
    <div className="dv-unet-level" data-bottom={level.up === undefined || undefined} style={inset}>
      <span className="dv-unet-box">
        ↓ <b>{level.channels}</b> × {toShape(level.down)}
      </span>
      {level.up === undefined ? undefined : (
        <span className="dv-unet-box">
          ↑ <b>{level.up.channels}</b> × {toShape(level.up.output)}
        </span>
      )}
    </div>
  );
}
