"""The table of Keepstep beside its peers, measured in turn."""

import sys
from statistics import median

import process
import programs
import shapes

PEAKS = {"avx512": 225.0}  # GFLOP/s that a core's products reach with a register tile of 6 x 64


def table(settings):
    """Measures and prints a line a shape, then what ran."""
    print(f"Steps per second with {settings.threads} threads: best (median) of {settings.rounds} rounds\n")
    peers = [name for name in settings.programs if name != "keepstep"]
    heads = ["cell B T I H O", "goal", *(programs.LABELS[name] for name in settings.programs)]
    if "keepstep" in settings.programs:
        heads += ["whole process", "against the goal", *(f"x {programs.LABELS[name]}" for name in peers)]
        heads += ["GFLOP/s", "of the peak"]
    print(f"| {' | '.join(heads)} |\n|{' --- |' * len(heads)}", flush=True)
    notes = {}
    for shape in settings.rows:
        rates = rounds(settings, shape, notes)
        print(f"| {' | '.join(cells(settings, shape, rates, peers))} |", flush=True)
    print()
    for name, said in notes.items():
        print(f"- {programs.LABELS[name]}: {'; '.join(f'{text} ({n})' for text, n in said.items())}")


def rounds(settings, shape, notes):
    """Each program's rates, one a round; a program that fails has none and is noted."""
    rates = {name: [] for name in settings.programs}
    steps = programs.keepstep_steps(settings, shape) if "keepstep" in rates else 0
    for number in range(settings.rounds):
        for name in rates:
            print(f"bench: {shape}, round {number + 1} of {settings.rounds}, {name}", file=sys.stderr)
            if name == "keepstep":
                found = programs.keepstep(settings, shape, steps)
            else:
                try:
                    found = programs.peer(settings, name, shape)
                except process.Failed as error:
                    found = programs.Rate(0, note=f"not measured: {error}")
            if found.steps > 0:
                rates[name].append(found)
            said = notes.setdefault(name, {})
            said[found.note] = said.get(found.note, 0) + 1
    return rates


def cells(settings, shape, rates, peers):
    """The cells of a shape's line."""
    goal = shapes.GOALS.get(shape)
    best = {name: max(r.steps for r in found) for name, found in rates.items() if found}
    middle = {name: median(r.steps for r in found) for name, found in rates.items() if found}
    line = [str(shape), number(goal) if goal else ""]
    line += [f"{number(best[n])} ({number(middle[n])})" if n in best else "" for n in settings.programs]
    if "keepstep" not in best:
        return line
    line.append(number(max(r.whole for r in rates["keepstep"])))
    line.append(f"{best['keepstep'] / goal:.2f} x" if goal else "")
    for name in peers:
        line.append(ratio(best, middle, name) if name in best else "")
    gigaflops = best["keepstep"] * shape.operations / 1e9
    peak = settings.threads * (settings.peak or PEAKS.get(rates["keepstep"][0].note, 0))
    return [*line, number(gigaflops), f"{100 * gigaflops / peak:.0f} %" if peak else ""]


def ratio(best, middle, name):
    """Keepstep's rate in a peer's: best to best, and median to median."""
    first, second = (number(values["keepstep"] / values[name]) for values in (best, middle))
    return f"{first} ({second})"


def number(value):
    """A number with about three digits."""
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"
