#!/usr/bin/env python3
"""Golden values for Keepstep's tests, from PyTorch.

    generate.py                                            writes the JSON files beside this file
    generate.py check-export WEIGHTS.safetensors PREDICTIONS.csv
                                                           PyTorch predicts the same from an export?

Axes: T time steps, B streams, I inputs, H hidden units, O outputs, L layers, D directions, P projection.
README.md beside this file says what the files hold and how they were computed.
"""

import argparse
import pathlib
import sys

import torch

from generator.cells import cells
from generator.check_export import check_export
from generator.golden import golden
from generator.json_text import write
from generator.optimizers import optimizers
from generator.schedules import schedules

FOLDER = pathlib.Path(__file__).parent


def generate():
    """Writes every file."""
    for name, content in {"golden": golden, "cells": cells, "optimizers": optimizers, "schedules": schedules}.items():
        write(FOLDER / f"{name}.json", content())


def main():
    """Runs the mode that the command line names."""
    torch.set_num_threads(1)
    parser = argparse.ArgumentParser(description="Golden values for Keepstep's tests, from PyTorch.")
    modes = parser.add_subparsers(dest="mode", metavar="check-export")
    export = modes.add_parser("check-export", help="predict from an export and compare with Keepstep's predictions")
    export.add_argument("weights", metavar="WEIGHTS.safetensors", help="made with: keepstep export --names torch")
    export.add_argument("predictions", metavar="PREDICTIONS.csv", help="made with: keepstep predict --format csv")
    export.add_argument("--inputs", type=int, default=1, help="input columns after the column `row` (1)")
    export.add_argument("--outputs", type=int, default=1, help="target columns, and prediction columns (1)")
    export.add_argument("--nonlinearity", choices=["tanh", "relu"], default="tanh", help="(tanh)")
    options = parser.parse_args()
    if options.mode == "check-export":
        sys.exit(check_export(options))
    generate()


if __name__ == "__main__":
    main()
