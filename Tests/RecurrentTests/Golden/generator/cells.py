"""cells.json: one forward and one backward pass of every combination."""

import math

import torch
from torch import nn

from . import layout
from .combinations import combinations
from .json_text import Line
from .losses import loss_of
from .network import Network, load, zero_states
from .precision import assert_close, cast, short, without_noise
from .records import described, expected_tensors, tensors
from .twin_check import Problem, assert_twin_agrees

FLOAT32_TOLERANCE = 3e-6  # PyTorch's own float32 against float64; the tests allow Keepstep 1e-5


def cells():
    """Everything in the file."""
    return {"cases": [case(number, combination) for number, combination in enumerate(combinations())]}


def case(number, combination):
    """One combination: its data, and what one step in float64 yields."""
    data = draw(number, combination)
    exact = step(combination, data, torch.float64)
    assert_close(exact, step(combination, data, torch.float32), FLOAT32_TOLERANCE, f"case {number}")
    problem = Problem(
        combination.configuration, data["states"], data["x"], data["y"], combination.loss, combination.delta
    )
    assert_twin_agrees(problem, data["weights"], exact, f"case {number}")
    return {
        "configuration": described(combination.configuration, combination.streams, combination.steps),
        "loss": loss_named(combination),
        "weights": tensors(data["weights"]),
        "initial_states": tensors(data["states"]),
        "x": data["x"],
        "y": data["y"],
        "expected": {
            "q": without_noise(exact["q"]),
            "final_states": expected_tensors(exact["final_states"]),
            "loss": exact["loss"],
            "gradient_norm": exact["gradient_norm"],
            "gradients": expected_tensors(exact["gradients"]),
        },
    }


def loss_named(combination):
    """The loss, and Huber's delta."""
    delta = {"delta": combination.delta} if combination.delta else {}
    return Line(name=combination.loss, **delta)


def draw(number, combination):
    """PyTorch's initial weights, normal inputs, targets and initial states, all of few digits, in float32."""
    c, steps, streams = combination.configuration, combination.steps, combination.streams
    torch.manual_seed(1000 + number)  # another seed where assert_twin_agrees refuses a changed table's data
    weights = layout.weights(Network(c))
    x = torch.randn(steps, streams, c.inputs)
    if combination.loss == "cross_entropy":
        y = torch.randint(c.outputs, (steps, streams, 1)).float()
    else:
        y = short(torch.randn(steps, streams, c.outputs))
    states = {name: torch.randn_like(zero) / 2 for name, zero in zero_states(c, streams, torch.float32).items()}
    return {"weights": short(weights), "states": short(states), "x": short(x), "y": y}


def step(combination, data, dtype):
    """Everything one forward and one backward pass yield, computed in dtype."""
    network = load(combination.configuration, data["weights"], dtype)
    _, q, final = network(data["x"].to(dtype), cast(data["states"], dtype))
    loss = loss_of(combination.loss, q, data["y"].to(dtype), combination.delta)
    loss.backward()
    gradients = layout.gradients(network)
    norm = nn.utils.clip_grad_norm_(network.parameters(), math.inf)
    return {
        "q": q.detach(),
        "final_states": {name: state.detach() for name, state in final.items()},
        "loss": loss.detach(),
        "gradient_norm": norm,
        "gradients": gradients,
    }
