"""Writes the pickles and YAML of src/storage/formats/fixtures with CPython, NumPy and PyYAML: run with NumPy 1 and with NumPy 2.

The tests read what this wrote; they do not run it. It needs: python 3, numpy, pyyaml.
"""

import json
import math
import os
import pathlib
import pickle

import numpy
import yaml

here = pathlib.Path(__file__).parent.parent / "src/storage/formats/fixtures"
generation = numpy.__version__.split(".")[0]


def plain(value):
    """JSON has no NaN or infinity: they become text."""
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (bool, numpy.bool_)):
        return bool(value)
    if isinstance(value, (int, numpy.integer)):
        return int(value)
    if isinstance(value, (float, numpy.floating)):
        return float(value) if math.isfinite(value) else str(float(value))
    return value


def write(name, value, protocol):
    (here / name).write_bytes(pickle.dumps(value, protocol))


def expect(name, value):
    (here / name).write_text(json.dumps(plain(value)) + "\n")


def steps(count, first=0):
    return [
        {"iteration": i, "loss": 1 / (i + 1), "time": 0.25 + i / 1024, "run_name": "a run"}
        for i in range(first, first + count)
    ]


odd = steps(6, first=254)
odd[1]["loss"] = math.nan
odd[2]["loss"] = math.inf
odd[3]["loss"] = -math.inf
odd[4]["loss"] = 0
odd[5]["iteration"] = 70_000

scores = [
    {
        "iteration": 100,
        "scores": [
            [[0.5, 0, math.nan, numpy.float64(2.5), numpy.float64("nan"), math.inf]],
            [[numpy.float32(0.25), numpy.float16(-1.5), numpy.int64(-3), numpy.int32(7), numpy.uint64(9), numpy.bool_(True)]],
        ],
        "run_name": "a run",
    },
    {"iteration": 200, "scores": [[], []], "run_name": "a run"},
]


class Hostile:
    def __init__(self, function, *args):
        self.reduced = (function, args)

    def __reduce__(self):
        return self.reduced


if generation == "2":
    for protocol in range(6):
        write(f"training_protocol{protocol}.pickle", odd, protocol)
        write(f"one_step_protocol{protocol}.pickle", steps(1), protocol)
        write(f"no_steps_protocol{protocol}.pickle", [], protocol)
        write(f"hostile_protocol{protocol}.pickle", steps(2) + [Hostile(os.system, "echo hello")], protocol)
    expect("training.json", odd)
    write("two_frames.pickle", steps(2001), 4)
    numpy_losses = [{**step, "loss": numpy.float32(step["loss"])} for step in steps(3)]
    write("numpy_losses.pickle", numpy_losses, 4)
    expect("numpy_losses.json", numpy_losses)
    write("eval.pickle", [Hostile(eval, "1 + 1")], 4)
    write("object_array.pickle", numpy.array([{}], dtype=object), 4)
    shared = (32, 32, 32)
    config = {
        "shape": (1, 2, 3),
        "context": [shared, shared],
        "y": ["y", "n", "yes", "1e5", "1:30", "012", "", "null", "=", "__proto__"],
        "numbers": [1, -2.5, 1e-05, 1e20, math.inf, -math.inf, math.nan, 2**70, True, None],
        "nested": {"__proto__": {"polluted": True}, "constructor": {"prototype": {}}},
        "text": "two\nlines: with 'quotes' and \"more\"\n",
    }
    (here / "config.yaml").write_text(yaml.dump(config))
    expect("config.json", config)
    objects = {"scalar": numpy.float64(0.5), "path": pathlib.PurePosixPath("a/b"), "class": dict, "kept": 3}
    (here / "objects.yaml").write_text(yaml.dump(objects))

for protocol in range(6):
    write(f"scores_numpy{generation}_protocol{protocol}.pickle", scores, protocol)
expect("scores.json", scores)
