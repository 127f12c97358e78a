"""Writes src/storage/fixtures/zarr-variants.json: one small array in every layout that may be met, as files and values.

Run from the repository's root, first with zarr 2.18.7 (v2 and N5), then with zarr 3 (v3), which adds to the same file:
python3 scripts/write-zarr-variants.py
Per variant: the array's files in base64, dtype, shape, and the SHA-256 of its C-order little-endian bytes.
"""

import base64
import hashlib
import json
import tempfile
from pathlib import Path

import numpy as np
import zarr

TARGET = Path("src/storage/fixtures/zarr-variants.json")
SHAPE = (5, 7, 6)
ramp = np.arange(np.prod(SHAPE)).reshape(SHAPE)


def describe(folder: Path, values: np.ndarray) -> dict:
    values = np.asarray(values)
    native = np.ascontiguousarray(values).astype(values.dtype.newbyteorder("<"))
    files = {
        str(file.relative_to(folder)): base64.b64encode(file.read_bytes()).decode()
        for file in sorted(folder.rglob("*"))
        if file.is_file()
    }
    return {
        "dtype": native.dtype.str,
        "shape": list(values.shape),
        "sha256": hashlib.sha256(native.tobytes()).hexdigest(),
        "files": files,
    }


def write_v2(folder: Path, values: np.ndarray, **options) -> dict:
    options = {"chunks": (2, 3, 4), "dimension_separator": "/", **options}
    array = zarr.create(values.shape, dtype=values.dtype, store=zarr.DirectoryStore(str(folder)), **options)
    array[...] = values
    return describe(folder, zarr.open_array(str(folder), mode="r")[...])


def v2_variants() -> dict:
    from numcodecs import LZ4, Blosc, GZip, Zlib, Zstd

    def at(name):
        return Path(tempfile.mkdtemp()) / name

    variants = {}
    for compressor in [Blosc("lz4", 5, 1), Blosc("zstd", 3, 2), Blosc("blosclz"), GZip(5), Zlib(1), Zstd(3), LZ4()]:
        name = f"v2 {compressor.codec_id} {getattr(compressor, 'cname', '')}".strip()
        variants[name] = write_v2(at("a"), ramp.astype("<f4"), compressor=compressor)
    plain = {"compressor": None}
    variants["v2 plain"] = write_v2(at("a"), ramp.astype("<u2"), **plain)
    variants["v2 dots"] = write_v2(at("a"), ramp.astype("|u1"), dimension_separator=".")
    variants["v2 Fortran order"] = write_v2(at("a"), ramp.astype("<i4"), order="F")
    variants["v2 big-endian"] = write_v2(at("a"), ramp.astype(">u4"))
    variants["v2 bool"] = write_v2(at("a"), ramp % 3 == 0)
    variants["v2 ids beyond 2^53"] = write_v2(at("a"), ramp.astype("<u8") + (1 << 60) + 1)
    variants["v2 signed ids"] = write_v2(at("a"), ramp.astype("<i8") - (1 << 60) - 1)
    variants["v2 int8"] = write_v2(at("a"), (ramp - 100).astype("|i1"))
    variants["v2 int16"] = write_v2(at("a"), (ramp * 200 - 20000).astype("<i2"))
    variants["v2 float64"] = write_v2(at("a"), ramp / 7)
    variants["v2 chunks larger than the array"] = write_v2(at("a"), ramp.astype("<f8"), chunks=(16, 7, 100))
    holes = np.where(ramp < 60, 9, ramp).astype("<i4")
    variants["v2 missing chunks"] = write_v2(at("a"), holes, fill_value=9, write_empty_chunks=False)
    nans = np.where(ramp < 60, np.nan, ramp).astype("<f4")
    variants["v2 missing chunks of NaN"] = write_v2(at("a"), nans, fill_value=np.nan, write_empty_chunks=False)
    ids = np.zeros(SHAPE, "<u8")
    variants["v2 missing chunks of ids, no fill value"] = write_v2(at("a"), ids, fill_value=0, write_empty_chunks=False)
    variants["v2 one axis"] = write_v2(at("a"), np.arange(11, dtype="<u2"), chunks=(4,))
    variants["v2 no axis"] = write_v2(at("a"), np.array(42, "<u4"), chunks=())
    variants["v2 empty"] = write_v2(at("a"), np.zeros((0, 3), "<u2"), chunks=(1, 2))
    for compressor in [None, GZip(3), Blosc("lz4", 5, 1), Zstd(3)]:
        folder = at("a.n5")
        store = zarr.N5Store(str(folder))
        array = zarr.create(SHAPE, chunks=(2, 3, 4), dtype="<u2", store=store, compressor=compressor, overwrite=True)
        array[...] = ramp
        variants[f"N5 {compressor.codec_id if compressor else 'raw'}"] = describe(folder, ramp.astype("<u2"))
    return variants


def v3_variants() -> dict:
    from zarr.codecs import BloscCodec, BytesCodec, GzipCodec, TransposeCodec, ZstdCodec

    def write(values, **options):
        folder = Path(tempfile.mkdtemp()) / "a"
        options = {"chunks": (2, 3, 4), **options}
        array = zarr.create_array(str(folder), shape=values.shape, dtype=values.dtype, zarr_format=3, **options)
        array[...] = values
        return describe(folder, zarr.open_array(str(folder), mode="r")[...])

    small = ramp.astype("<u2")
    return {
        "v3 default": write(ramp.astype("<f4")),
        "v3 blosc": write(ramp.astype("<u8") + (1 << 60) + 1, compressors=BloscCodec(cname="lz4")),
        "v3 gzip": write(small, compressors=GzipCodec()),
        "v3 plain": write(small, compressors=None),
        "v3 big-endian": write(small, serializer=BytesCodec(endian="big"), compressors=ZstdCodec()),
        "v3 transposed": write(small, filters=TransposeCodec(order=(2, 0, 1))),
        "v3 bool": write(ramp % 3 == 0),
        "v3 missing chunks": write(np.where(ramp < 60, 9, ramp).astype("<i4"), fill_value=9),
        "v3 missing chunks of NaN": write(np.where(ramp < 60, np.nan, ramp).astype("<f4"), fill_value=np.nan),
        "v3 shards": write(small, shards=(4, 6, 8)),
        "v3 dots": write(small, chunk_key_encoding={"name": "v2", "separator": "."}),
    }


variants = json.loads(TARGET.read_text()) if TARGET.exists() else {}
variants.update(v3_variants() if zarr.__version__.startswith("3") else v2_variants())
TARGET.write_text(json.dumps(variants, indent=1, sort_keys=True) + "\n")
print(f"zarr {zarr.__version__}: {len(variants)} variants, {TARGET.stat().st_size} bytes")
