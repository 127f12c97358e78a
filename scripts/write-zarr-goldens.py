"""Writes src/storage/fixtures/zarr-goldens.json: what zarr-python reads from every array of the shared runs.

Run from the repository's root with zarr 2.18.7 and numpy: python3 scripts/write-zarr-goldens.py
Per array: dtype, shape, the SHA-256 of its C-order little-endian bytes, and one box with its values' SHA-256.
"""

import hashlib
import json
from pathlib import Path

import numpy as np
import zarr

BASES = ["runs", "runs_legacy035"]
SHARED = Path("../shared")


def digest(values: np.ndarray) -> str:
    return hashlib.sha256(np.ascontiguousarray(values).astype(values.dtype.newbyteorder("<")).tobytes()).hexdigest()


def describe(path: Path) -> dict:
    array = zarr.open_array(str(path), mode="r")
    begin = [n // 3 for n in array.shape]
    end = [max(first + 1, n - n // 4) for first, n in zip(begin, array.shape)]
    values = array[...]
    box = values[tuple(slice(b, e) for b, e in zip(begin, end))]
    return {
        "dtype": values.dtype.newbyteorder("<").str,
        "shape": list(array.shape),
        "sha256": digest(values),
        "box": {"begin": begin, "end": end, "sha256": digest(box)},
    }


goldens = {
    base: {
        str(found.parent.relative_to(SHARED / base)): describe(found.parent)
        for found in sorted((SHARED / base).rglob(".zarray"))
    }
    for base in BASES
}
target = Path("src/storage/fixtures/zarr-goldens.json")
target.write_text(json.dumps({"zarr": zarr.__version__, "arrays": goldens}, indent=1) + "\n")
print({base: len(arrays) for base, arrays in goldens.items()})
