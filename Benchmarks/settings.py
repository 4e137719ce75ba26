"""What the environment says about a run of the benchmark."""

import os
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

import shapes

PROGRAMS = ("keepstep", "torch", "jax")


@dataclass
class Settings:
    """Every setting is a variable of the environment; README.md lists them."""

    keepstep: Path  # the binary
    python: Path  # the peers' Python
    folder: Path  # a fresh folder for stores and data
    threads: int
    seconds: float  # of each measurement
    rounds: int
    runs: int  # long runs of the seed's job
    starts: int  # short ones
    rows: list  # shapes to measure
    programs: list
    only_rows: bool  # the seed's job and the memory are left out
    long: bool  # memory over 2,000,000 steps
    peak: float  # GFLOP/s of a core; 0: the default of the instruction set


def read(root):
    """The settings, with a fresh folder that the caller removes."""
    value = os.environ.get
    chosen = value("BENCH_ROWS", "")
    rows = [shapes.parse(row) for row in chosen.split(",") if row.strip()] or list(shapes.GOALS)
    programs = (value("BENCH_PROGRAMS") or " ".join(PROGRAMS)).split()
    if not set(programs) <= set(PROGRAMS):
        raise SystemExit(f'error: BENCH_PROGRAMS: "{" ".join(programs)}" is more than {" ".join(PROGRAMS)}')
    parent = Path(value("BENCH_DIR") or root / ".build/bench")
    parent.mkdir(parents=True, exist_ok=True)
    settings = Settings(
        keepstep=Path(value("BENCH_KEEPSTEP") or root / ".build/release/keepstep").absolute(),
        python=root / ".build/bench-venv/bin/python",
        folder=Path(tempfile.mkdtemp(dir=parent)).absolute(),
        threads=int(value("BENCH_THREADS") or min(2, len(cores()))),
        seconds=float(value("BENCH_SECONDS") or 3),
        rounds=int(value("BENCH_ROUNDS") or 3),
        runs=int(value("BENCH_RUNS") or 5),
        starts=int(value("BENCH_STARTS") or 20),
        rows=rows,
        programs=programs,
        only_rows=bool(chosen),
        long=value("BENCH_LONG", "0") not in ("", "0"),
        peak=float(value("BENCH_PEAK_GFLOPS") or 0),
    )
    hold_to_cores(settings.threads)
    return settings


def cores():
    """The cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return sorted(os.sched_getaffinity(0))
    return list(range(os.cpu_count() or 1))


def hold_to_cores(count):
    """Holds this process, and all that it starts, to that many cores, so that every program has the same."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, cores()[:count])


def remove(settings):
    """Removes the folder."""
    shutil.rmtree(settings.folder, ignore_errors=True)
