"""schedules.json: the learning rates of PyTorch's schedulers at sixty steps."""

import torch
from torch.optim import lr_scheduler

from .json_text import Line

STEPS = 60
LEARNING_RATE = 0.02  # the optimizer's own

# What a scheduler is not told has PyTorch's default.
SCHEDULERS = [
    ("StepLR", {"step_size": 7, "gamma": 0.5}),
    ("ExponentialLR", {"gamma": 0.97}),
    ("CosineAnnealingLR", {"T_max": STEPS, "eta_min": 1e-4}),
    ("OneCycleLR", {"max_lr": 0.05, "total_steps": STEPS, "cycle_momentum": False}),
    (
        "OneCycleLR",
        {"max_lr": 0.05, "total_steps": STEPS, "pct_start": 0.4, "anneal_strategy": "linear", "cycle_momentum": False},
    ),
    ("LinearLR", {"start_factor": 0.1, "total_iters": 10}),
]

PLATEAU = {"factor": 0.5, "patience": 2}
EVALUATE_EVERY = 5
# Two reductions. 0.89995 is better than 0.9 by less than the threshold 1e-4, so it does not count as better.
EVALUATIONS = [1.0, 0.9, 0.91, 0.89995, 0.95, 0.8, 0.85, 0.8, 0.81, 0.7, 0.75, 0.75]
REDUCED_AFTER = [25, 45]


def schedules():
    """Everything in the file."""
    return {
        "steps": STEPS,
        "schedules": [schedule(name, options) for name, options in SCHEDULERS] + [plateau()],
    }


def schedule(name, options):
    """A scheduler that goes by the step alone."""
    optimizer, scheduler = build(name, options)
    return recorded(name, options, rates(optimizer, lambda step: scheduler.step()))


def plateau():
    """The one scheduler that goes by evaluations: the n-th came after step 5·n."""
    optimizer, scheduler = build("ReduceLROnPlateau", PLATEAU)

    def after(step):
        if step % EVALUATE_EVERY == 0:
            scheduler.step(EVALUATIONS[step // EVALUATE_EVERY - 1])

    found = rates(optimizer, after)
    reduced = [step for step in range(1, STEPS) if found[step] < found[step - 1]]
    assert reduced == REDUCED_AFTER, f"reduced after {reduced}"
    evaluations = {"evaluate_every": EVALUATE_EVERY, "evaluations": torch.tensor(EVALUATIONS, dtype=torch.float64)}
    return recorded("ReduceLROnPlateau", PLATEAU, found) | evaluations


def build(name, options):
    """An optimizer of one parameter, and its scheduler."""
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=LEARNING_RATE)
    return optimizer, getattr(lr_scheduler, name)(optimizer, **options)


def rates(optimizer, after):
    """The rates that steps 1 to 60 use; `after` follows each step."""
    found = []
    for step in range(1, STEPS + 1):
        found.append(float(optimizer.param_groups[0]["lr"]))
        optimizer.step()
        after(step)
    return torch.tensor(found, dtype=torch.float64)


def recorded(name, options, found):
    """A scheduler and its rates."""
    return {"scheduler": name, "learning_rate": LEARNING_RATE, "options": Line(options), "rates": found}
