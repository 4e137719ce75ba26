"""The data of a row: streams of sine waves as the .npz file that Keepstep and its peers read."""

import array
import math
import struct
import sys
import zipfile


def sine(length, window):
    """Keepstep's sine task: window s (from 0) sees the phases (s + j/(window - 1))·π; one stream."""
    phases = [((t // window) + (t % window) / (window - 1)) * math.pi for t in range(length)]
    return [map(math.sin, phases)], [map(math.cos, phases)]


def waves(streams, length, inputs, outputs):
    """Input i of stream b at time t is sin(t/(4 + i) + b); an output is the cosine of the same."""
    def values(function, count):
        for b in range(streams):
            yield (function(t / (4 + i) + b) for t in range(length) for i in range(count))

    return values(math.sin, inputs), values(math.cos, outputs)


def npy(values, shape):
    """An .npy file of float32, in C order, from one sequence of values a stream."""
    floats = array.array("f")
    for stream in values:
        floats.extend(stream)
    if sys.byteorder == "big":
        floats.byteswap()
    header = f"{{'descr': '<f4', 'fortran_order': False, 'shape': {shape}, }}"
    header += " " * (-(len(header) + 11) % 64) + "\n"
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header.encode() + floats.tobytes()


def write(path, streams, length, inputs, outputs, values):
    """Writes x [streams, length, inputs] and y [streams, length, outputs]."""
    with zipfile.ZipFile(path, "w") as file:
        for name, size, part in (("x", inputs, values[0]), ("y", outputs, values[1])):
            file.writestr(f"{name}.npy", npy(part, (streams, length, size)))
