"""Runs a checkpoint with PyTorch on the processor, one run for each line "run" on stdin, and prints its milliseconds."""

import importlib.util
import json
import sys
import time
from pathlib import Path

import numpy as np
import torch

description = json.loads(Path(sys.argv[1]).read_text())
torch.set_num_threads(description["threads"])

path = Path(__file__).parent.parent / "scripts/write-network-goldens.py"
spec = importlib.util.spec_from_file_location("goldens", path)
goldens = importlib.util.module_from_spec(spec)
spec.loader.exec_module(goldens)

model = goldens.build(description["architecture"], description["head"], False).eval()
weights = torch.load(description["checkpoint"], map_location="cpu", weights_only=False)
model.load_state_dict(weights.model)
channels = description["architecture"]["fmaps_in"]
raw = torch.from_numpy(np.fromfile(description["values"], "<f4")).reshape(1, channels, *description["inputShape"])

output = None
with torch.inference_mode():
    for line in sys.stdin:
        if line.strip() == "run":
            start = time.perf_counter()
            output = model(raw)
            if description["sigmoid"]:
                output = torch.sigmoid(output)
            print(1000 * (time.perf_counter() - start), flush=True)
        elif line.strip() == "output":
            output.numpy().astype("<f4").tofile(description["values"])
            print("written", flush=True)
        else:
            print("ready", flush=True)
