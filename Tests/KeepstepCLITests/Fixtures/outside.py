"""Reads what Keepstep wrote without Keepstep: the store through sqlite3, exports by hand and through numpy.

Usage: outside.py STORE STEP SAFETENSORS NPZ
Ends with 0 when all of them hold the same bits.
"""

import json
import sqlite3
import struct
import sys
import zipfile

import numpy

store, step, safetensors, npz = sys.argv[1:]
db = sqlite3.connect(f"file:{store}?mode=ro", uri=True)

# The documented way: a tensor is its blob and its shape.
rows = db.execute(
    "SELECT name, shape, data FROM tensors JOIN checkpoints ON checkpoint_id = id"
    " WHERE run_id = 1 AND step = ? AND kind = 'weight'",
    [step],
)
stored = {name: numpy.frombuffer(data, "<f4").reshape(json.loads(shape)) for name, shape, data in rows}
assert sorted(stored) == ["W_hh", "W_hq", "W_xh", "b_h", "b_q"], sorted(stored)
assert stored["W_hh"].shape == (32, 32), stored["W_hh"].shape

# The view `weights` shows the same blobs.
(blob,) = db.execute("SELECT W_hh FROM weights WHERE run_id = 1 AND step = ?", [step]).fetchone()
assert blob == stored["W_hh"].tobytes()

# safetensors: 8 bytes of length, a JSON header, the values.
with open(safetensors, "rb") as file:
    (length,) = struct.unpack("<Q", file.read(8))
    header = json.loads(file.read(length))
    values = file.read()
metadata = header.pop("__metadata__")
assert metadata["step"] == step, metadata
assert sorted(header) == sorted(stored), sorted(header)
end = 0
for name, entry in header.items():
    begin, end = entry["data_offsets"]
    assert entry["dtype"] == "F32" and tuple(entry["shape"]) == stored[name].shape, (name, entry)
    assert values[begin:end] == stored[name].tobytes(), name
assert max(entry["data_offsets"][1] for entry in header.values()) == len(values)

# npz: numpy's own.
with numpy.load(npz) as arrays:
    assert sorted(arrays) == sorted(stored), sorted(arrays)
    for name in arrays:
        assert arrays[name].dtype == numpy.dtype("<f4") and arrays[name].shape == stored[name].shape, name
        assert arrays[name].tobytes() == stored[name].tobytes(), name

# What safetensors has in its header, the zip file has in its comment.
assert json.loads(zipfile.ZipFile(npz).comment) == metadata

print("equal")
