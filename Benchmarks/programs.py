"""Steps per second of Keepstep and of its peers at one shape."""

import json
import math
import sys
from pathlib import Path
from typing import NamedTuple

import process
import waves

LABELS = {"keepstep": "Keepstep", "torch": "PyTorch", "jax": "JAX"}
WINDOWS = 10  # in a file
RECORDING = ["--checkpoint-every", 100, "--evaluate-every", 10, "--record-hidden-every", 10]  # as by default


class Rate(NamedTuple):
    """What a measurement found."""

    steps: float  # per second
    whole: float = 0  # Keepstep's: steps per second from the process's start to its end
    note: str = ""  # what ran


def write_data(shape, folder):
    """The shape's data as a file; of the sine task, which repeats, its first two windows."""
    path = folder / f"{str(shape).replace(' ', '-')}.npz"
    if not path.exists():
        length = shape.T * (2 if shape.is_sine else WINDOWS)
        values = waves.sine(length, shape.T) if shape.is_sine else waves.waves(shape.B, length, shape.I, shape.O)
        waves.write(path, shape.B, length, shape.I, shape.O, values)
    return path


def query(settings, store, sql):
    """The first row that a query gives, as words."""
    found = process.run([settings.keepstep, "query", "--store", store, "--format", "csv", sql])
    return found.output.splitlines()[-1].split(",")


def train(settings, steps, options=()):
    """Trains in a store of its own: the finished process, its training time in seconds, its instruction set."""
    store = settings.folder / "keepstep.db"
    for file in settings.folder.glob("keepstep.db*"):
        file.unlink()
    ran = process.run([settings.keepstep, "train", "--quiet", "--store", store, "--steps", steps, *options])
    sql = "SELECT train_seconds, instruction_set, (SELECT count(*) FROM steps) FROM run_summary, segments"
    seconds, instructions, recorded = query(settings, store, sql)
    if int(recorded) != steps:
        sys.exit(f"error: {recorded} of {steps} steps are recorded")
    return ran, float(seconds), instructions


def keepstep(settings, shape, steps):
    """Keepstep's rate over that many steps."""
    options = ["--cell", shape.cell, "--hidden-size", shape.H, "--window", shape.T, "--threads", settings.threads]
    options += ["--learning-rate", shape.learning_rate, *RECORDING]
    if not shape.is_sine:
        data = write_data(shape, settings.folder)
        options += ["--data", data, "--inputs", "x", "--targets", "y", "--batch-first", "--batch-size", shape.B]
    ran, trained, instructions = train(settings, steps, options)
    return Rate(steps / trained, steps / ran.seconds, instructions)


def keepstep_steps(settings, shape):
    """Steps that fill a measurement's seconds, and at least one checkpoint's interval."""
    steps = 10
    while True:
        rate = keepstep(settings, shape, steps).steps
        if steps / rate > settings.seconds / 20:
            return max(100, math.ceil(rate * settings.seconds))
        steps = math.ceil(rate * settings.seconds / 10)


def peer(settings, name, shape):
    """A peer's rate; throws `process.Failed` where it is not installed."""
    if not settings.python.exists():
        raise process.Failed("it could not be installed")
    script = Path(__file__).parent / "peers" / f"{name}_step.py"
    n = settings.threads
    environment = {
        "OMP_NUM_THREADS": str(n),
        "MKL_NUM_THREADS": str(n),
        "XLA_FLAGS": f"--xla_cpu_multi_thread_eigen={'true' if n > 1 else 'false'} intra_op_parallelism_threads={n}",
        "JAX_PLATFORMS": "cpu",
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    options = ["--learning-rate", shape.learning_rate, "--seconds", settings.seconds, "--threads", n]
    data = write_data(shape, settings.folder)
    found = json.loads(process.run([settings.python, script, *shape, "--data", data, *options], environment).output)
    return Rate(found["rate"], note=f"{found['version']}, {found['note']}")
