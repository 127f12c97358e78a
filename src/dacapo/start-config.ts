import type { ConfigReader, Read, UnknownConfig } from "./config-reader.ts";
import { configReader, readConfig, text } from "./config-reader.ts";

/** The run whose weights a run starts from. */
export type StartConfig =
  | {
      readonly type: "StartConfig" | "CosemStartConfig";
      readonly run: string;
      /** A file name: looked up as `checkpoints/<criterion>`, then as `checkpoints/iterations/<criterion>`. */
      readonly criterion: string;
    }
  | UnknownConfig;

export const startReader: ConfigReader<StartConfig> = configReader<Exclude<StartConfig, UnknownConfig>>("a start", {
  StartConfig: (fields) => ({
    type: "StartConfig",
    run: fields.required("run", text, ""),
    criterion: fields.required("criterion", text, ""),
  }),
  CosemStartConfig: (fields) => ({
    type: "CosemStartConfig",
    run: fields.required("run", text, ""),
    criterion: fields.required("criterion", text, ""),
  }),
});

export function toStartConfig(value: unknown): Read<StartConfig> {
  return readConfig(value, startReader);
}
