"""The seed's job alone: steps per second, the time to start, and the memory."""

import os
from statistics import median

import programs

STEPS = 200_000
LONG = 2_000_000


def speed(settings):
    """Prints the table of the seed's job."""
    long = [programs.train(settings, STEPS) for _ in range(settings.runs)]
    size = os.path.getsize(settings.folder / "keepstep.db") / 1e6
    whole = [STEPS / ran.seconds for ran, _, _ in long]
    trained = [STEPS / seconds for _, seconds, _ in long]
    programs.train(settings, 300)  # brings the program from the disk
    starts = [1000 * programs.train(settings, 300)[0].seconds for _ in range(settings.starts)]
    print(f"The seed's job; stores of {size:.0f} MB each\n")
    print("| what | goal | best | median | best against the goal |")
    print("| --- | --- | --- | --- | --- |")
    print(
        f"| {STEPS:,} steps, every step recorded, whole process ({settings.runs} runs) | 100,000 steps/s "
        f"| {max(whole):,.0f} steps/s | {median(whole):,.0f} steps/s | {met(max(whole) / 100_000)} |"
    )
    print(f"| the same, training time only | | {max(trained):,.0f} steps/s | {median(trained):,.0f} steps/s | |")
    print(
        f"| `keepstep train`, 300 steps, process start to end ({settings.starts} runs) | 100 ms "
        f"| {min(starts):.1f} ms | {median(starts):.1f} ms | {met(100 / min(starts))} |\n",
        flush=True,
    )


def memory(settings):
    """Prints the table of peak resident memory."""
    print("| peak resident memory of the seed's job | goal | MB | |")
    print("| --- | --- | --- | --- |")
    peaks = {steps: 0.0 for steps in ((300, STEPS, LONG) if settings.long else (300, STEPS))}
    for steps in peaks:
        peaks[steps] = programs.train(settings, steps)[0].megabytes
        print(f"| {steps:,} steps | 40 MB | {peaks[steps]:.1f} | {met(40 / peaks[steps])} |", flush=True)
    if settings.long:
        print(f"| growth from {STEPS:,} to {LONG:,} steps | none | {peaks[LONG] - peaks[STEPS]:+.1f} | |")
    print(flush=True)


def met(ratio):
    """A word for a ratio to a goal."""
    return f"{'reached' if ratio >= 1 else 'missed'} ({ratio:.2f} x)"
