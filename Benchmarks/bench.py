"""Prints the benchmark's tables; bench.sh starts it. README.md says what is measured and how."""

import os
import platform
import sys
import time
from pathlib import Path

import process
import programs
import seed
import settings as environment
import sidebyside


def heading(settings):
    """Prints the machine and the programs in one line."""
    _, _, instructions = programs.train(settings, 10)
    version = process.run([settings.keepstep, "--version"]).output.strip()
    kind = process.run(["df", "--output=fstype", settings.folder]).output.split()[-1] if sys.platform == "linux" else ""
    facts = [time.strftime("%Y-%m-%d", time.gmtime()), processor(), f"{len(environment.cores())} cores used"]
    print(f"{', '.join([*facts, instructions])}; Keepstep {version}; stores on {kind or 'a disk'}\n")
    if kind == "tmpfs":
        print("These stores lie in memory; set BENCH_DIR to a folder on a disk.\n")


def processor():
    """The processor's name."""
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        lines = []
    names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


def main():
    settings = environment.read(Path(__file__).resolve().parent.parent)
    try:
        heading(settings)
        if not settings.only_rows:
            seed.memory(settings)
            seed.speed(settings)
        sidebyside.table(settings)
        print(f"\nLoad average at the end: {os.getloadavg()[0]:.2f}")
    finally:
        environment.remove(settings)


if __name__ == "__main__":
    try:
        main()
    except process.Failed as error:
        sys.exit(f"error: {error}")
