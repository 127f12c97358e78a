"""Orders the runs of a base by the best score that their JSON holds. Only Python's own modules are needed.

usage: best-scores.py BASE CRITERION_INDEX {higher|lower}
Prints one line a run, best first: name and score as Python writes it; runs without such a score are left out.
NaN (as null) counts for nothing; of equal scores the run that comes first by name is first.
"""

import json
import math
import pathlib
import sys


def scores(document, index):
    for entry in document:
        for dataset in entry["scores"]:
            for parameters in dataset:
                score = parameters[index] if index < len(parameters) else None
                if score is not None and not math.isnan(score):
                    yield score


def main(base, index, direction):
    better = max if direction == "higher" else min
    bests = []
    for path in sorted(pathlib.Path(base, "stats", "validation_scores").glob("*.json")):
        found = list(scores(json.loads(path.read_text()), int(index)))
        if found:
            bests.append((path.stem, better(found)))
    bests.sort(key=lambda best: (-best[1] if direction == "higher" else best[1], best[0]))
    for name, score in bests:
        print(name, repr(score))


main(*sys.argv[1:])
