/// <reference path="./neuroglancer-modules.d.ts" />
// neuroglancer's chunk worker with our key-value stores in it; they must be registered before the bundle says it is ready.
import "./worker-kv-stores.ts";
import "./worker-failures.ts";
import "neuroglancer/unstable/chunk_worker.bundle.js";
