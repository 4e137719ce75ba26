"""Writes NumPy's own files of the arrays in a file that a test made: other types, orders and packings of the same values.

Usage: arrays.py FILE.npz
"""

import sys

import numpy

with numpy.load(sys.argv[1]) as file:
    arrays = dict(file)
assert all(array.dtype == numpy.dtype("<f4") for array in arrays.values()), arrays

numpy.savez("plain.npz", **arrays)
numpy.savez_compressed("packed.npz", **arrays)
numpy.savez("doubles.npz", **{name: array.astype("<f8") for name, array in arrays.items()})
numpy.savez("swapped.npz", **{name: numpy.asfortranarray(array.astype(">f4")) for name, array in arrays.items()})
numpy.savez("integers.npz", **(arrays | {"c": arrays["c"].astype("<i8")}))
print("written")
