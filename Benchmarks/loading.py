"""Times how long a million rows of eight columns take to load; `python3 Benchmarks/loading.py` prints a Markdown table.

The time is that of the whole command: `keepstep train --steps 0` reads the file, checks every cell, makes the data's digest
and the untrained network. With the values stored it writes them, too. The least of BENCH_RUNS (5) runs counts;
BENCH_KEEPSTEP names another binary than the release build, BENCH_DIR another folder for the file.
"""

import math
import os
import sys
import tempfile
from pathlib import Path

import process

ROWS = 1_000_000
COLUMNS = [f"c{index}" for index in range(8)]
GOAL = 2.0  # seconds


def row(number):
    """A row's cells, of five to eight digits, as measured series have them."""
    return (f"{1000 * math.sin(number * 0.001 * (index + 1)):.4f}" for index in range(len(COLUMNS)))


def write(path):
    """Writes the file."""
    with path.open("w", encoding="ascii") as file:
        file.write(",".join(COLUMNS) + "\n")
        file.writelines(",".join(row(number)) + "\n" for number in range(ROWS))


def seconds(keepstep, folder, path, options):
    """The seconds of one command that loads the file."""
    store = folder / "loading.db"
    for old in folder.glob("loading.db*"):
        old.unlink()
    command = [keepstep, "train", "--quiet", "--steps", 0, "--store", store, "--data", path, "--shift", 1]
    names = ["--inputs", ",".join(COLUMNS), "--targets", COLUMNS[0]]
    return process.run(command + names + options).seconds


def main():
    """Prints a line for each way to load."""
    root = Path(__file__).resolve().parent.parent
    keepstep = os.environ.get("BENCH_KEEPSTEP", root / ".build/release/keepstep")
    runs = int(os.environ.get("BENCH_RUNS", "5"))
    ways = {
        "values left in the file": ["--no-embed-data"],
        "values stored": [],
        "values left in the file, scaled, with a validation part": [
            "--no-embed-data", "--scale", "standard", "--validation", "0.2",
        ],
    }
    with tempfile.TemporaryDirectory(dir=os.environ.get("BENCH_DIR")) as name:
        folder = Path(name)
        path = folder / "loading.csv"
        write(path)
        print(f"{ROWS:,} rows of {len(COLUMNS)} columns, {path.stat().st_size / 1e6:.0f} MB; goal: {GOAL} s\n")
        print("| what | least seconds | of so many runs |\n| --- | --- | --- |")
        for what, options in ways.items():
            least = min(seconds(keepstep, folder, path, options) for _ in range(runs))
            print(f"| {what} | {least:.2f} | {runs} |", flush=True)


if __name__ == "__main__":
    try:
        main()
    except process.Failed as error:
        sys.exit(f"error: {error}")
