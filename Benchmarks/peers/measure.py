"""What both peers share: their arguments, the windows of their data, and the timing of their steps."""

import argparse
import json
import time

import numpy

REPETITIONS = 5


def arguments():
    """The shape and how to measure it, as bench.py passes them."""
    parser = argparse.ArgumentParser()
    parser.add_argument("cell", choices=["rnn", "lstm", "gru"])
    for letter in "BTIHO":
        parser.add_argument(letter, type=int)
    parser.add_argument("--data", required=True, help=".npz with x [B, N, I] and y [B, N, O]")
    parser.add_argument("--learning-rate", type=float, required=True)
    parser.add_argument("--seconds", type=float, required=True)
    parser.add_argument("--threads", type=int, required=True)
    return parser.parse_args()


def windows(arguments):
    """The data's windows, time first: pairs of x [T, B, I] and y [T, B, O] in C order."""
    with numpy.load(arguments.data) as arrays:
        x, y = (numpy.swapaxes(arrays[name], 0, 1) for name in ("x", "y"))
    starts = range(0, len(x), arguments.T)
    return [tuple(numpy.ascontiguousarray(a[s : s + arguments.T]) for a in (x, y)) for s in starts]


def rate(step, seconds, repetitions=REPETITIONS):
    """Steps per second: the fastest of some repetitions that take these seconds together, after a warm-up.

    `step(k)` does step k, from 0, and gives its loss as a Python float.
    """
    k, began = 0, time.perf_counter()
    while k < 3 or time.perf_counter() - began < seconds / 5:
        if k == 1:  # the first step compiles
            began = time.perf_counter()
        step(k)
        k += 1
    count = max(1, round((k - 1) / (time.perf_counter() - began) * seconds / repetitions))
    best = float("inf")
    for _ in range(repetitions):
        began = time.perf_counter()
        for _ in range(count):
            loss = step(k)
            k += 1
        best = min(best, time.perf_counter() - began)
    if not loss < float("inf"):
        raise SystemExit(f"the loss is {loss} after {k} steps")
    return count / best


def report(**values):
    """One line of JSON for bench.py."""
    print(json.dumps(values))
