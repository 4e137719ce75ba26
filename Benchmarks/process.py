"""Runs a program to its end and says how long it took and how much memory it had."""

import os
import subprocess
import sys
import tempfile
import time
from typing import NamedTuple


class Finished(NamedTuple):
    """A process that ended well."""

    seconds: float  # from its start to its end
    megabytes: float  # its peak resident memory, in 10^6 bytes
    output: str


class Failed(Exception):
    """A process that ended otherwise; says what it wrote last."""


def run(arguments, environment=None):
    """Runs a command; `environment` has variables to add."""
    with tempfile.TemporaryFile("w+") as output, tempfile.TemporaryFile("w+") as errors:
        began = time.perf_counter()
        process = subprocess.Popen(
            list(map(str, arguments)), stdout=output, stderr=errors, env={**os.environ, **(environment or {})}
        )
        _, status, usage = os.wait4(process.pid, 0)  # it alone gives this child's own memory
        seconds = time.perf_counter() - began
        process.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        errors.seek(0)
        if process.returncode != 0:
            lines = errors.read().strip().splitlines() or [f"exit status {process.returncode}"]
            raise Failed(lines[-1])
        unit = 1 if sys.platform == "darwin" else 1024
        return Finished(seconds, usage.ru_maxrss * unit / 1e6, output.read())
