import { type EnginePort, serveEngine } from "./engine-messages.ts";
import { openRuntimeEngine } from "./engine-runtime.ts";

serveEngine(self as unknown as EnginePort, openRuntimeEngine);
