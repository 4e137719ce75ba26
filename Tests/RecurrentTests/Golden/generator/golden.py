"""golden.json: one layer of torch.nn.RNN, Adam, and the seed script."""

import math

import numpy as np
import torch
from torch import nn

from . import layout
from .precision import assert_close
from .json_text import Line
from .network import Configuration, Network, load, zero_states

TOLERANCE = 1e-5  # PyTorch's own float32 against float64

#         I   H  O   B   T  φ       bias
CASES = [
    (1, 1, 1, 1, 1, "tanh", True),
    (1, 5, 1, 2, 10, "relu", True),
    (3, 16, 2, 5, 10, "tanh", True),
    (1, 32, 1, 1, 10, "tanh", True),
    (7, 31, 5, 2, 10, "relu", False),
    (3, 33, 1, 5, 10, "tanh", True),
    (16, 64, 5, 2, 2, "relu", True),
    (7, 5, 2, 17, 23, "tanh", False),
    (16, 33, 2, 17, 2, "tanh", True),
    (3, 16, 5, 5, 23, "relu", True),
]

ADAM = {"lr": 0.02, "betas": (0.9, 0.999), "eps": 1e-8, "weight_decay": 0.0}
SEED_STEPS = 300
SEED_WINDOW = 10


def golden():
    """Everything in the file."""
    return {
        "cases": [case(number, sizes) for number, sizes in enumerate(CASES)],
        "adam": adam(),
        "seed": seed(),
    }


def sizes_of(configuration, streams, steps):
    """The sizes under their axis letters."""
    c = configuration
    return Line(I=c.inputs, H=c.hidden, O=c.outputs, B=streams, T=steps)


# One forward and one backward pass.


def expected_step(configuration, weights, x, y, h0, dtype):
    """Everything one forward and one backward pass yield, computed in dtype."""
    network = load(configuration, weights, dtype)
    hidden, q, last = network(x.to(dtype), {"H": h0.to(dtype)})
    loss = nn.functional.mse_loss(q, y.to(dtype))
    loss.backward()
    gradients = layout.gradients(network)
    norm = nn.utils.clip_grad_norm_(network.parameters(), math.inf)
    return {
        "hidden": hidden.detach(),
        "q": q.detach(),
        "final_hidden": last["H"].detach(),
        "loss": loss.detach(),
        "gradient_norm": norm,
        "gradients": gradients,
    }


def case(number, row):
    """One set of sizes: default initial weights, normal x, y and h0, and the values of one step in float64."""
    inputs, hidden, outputs, streams, steps, nonlinearity, bias = row
    configuration = Configuration("rnn", inputs, hidden, outputs, nonlinearity, bias=bias, output_bias=bias)
    torch.manual_seed(100 + number)
    weights = layout.weights(Network(configuration))
    x, y = torch.randn(steps, streams, inputs), torch.randn(steps, streams, outputs)
    h0 = torch.randn(streams, hidden) / 2
    expected = expected_step(configuration, weights, x, y, h0, torch.float64)
    single = expected_step(configuration, weights, x, y, h0, torch.float32)
    assert_close(expected, single, TOLERANCE, f"case {number}")
    return {
        "sizes": sizes_of(configuration, streams, steps),
        "nonlinearity": nonlinearity,
        "bias": bias,
        "weights": weights,
        "x": x,
        "y": y,
        "h0": h0,
        "expected": {
            **{name: expected[name].float() for name in ("hidden", "q", "final_hidden")},
            "loss": expected["loss"],
            "gradient_norm": expected["gradient_norm"],
            "gradients": {name: gradient.float() for name, gradient in expected["gradients"].items()},
        },
    }


# Adam.


def adam():
    """Ten steps of Adam in float64 on one window, always from the zero state."""
    configuration, streams, steps = Configuration("rnn", 2, 4, 2), 2, 3
    torch.manual_seed(200)
    weights = layout.weights(Network(configuration))
    x = torch.randn(steps, streams, configuration.inputs)
    y = torch.randn(steps, streams, configuration.outputs)
    network = load(configuration, weights, torch.float64)
    optimizer = torch.optim.Adam(network.parameters(), **ADAM)
    losses, after = [], []
    for step in range(1, 11):
        optimizer.zero_grad()
        _, q, _ = network(x.double(), zero_states(configuration, streams, torch.float64))
        loss = nn.functional.mse_loss(q, y.double())
        loss.backward()
        optimizer.step()
        losses.append(loss.detach())
        if step in (1, 2, 10):
            after.append({"step": step, "weights": layout.weights(network)})
    return {
        "sizes": sizes_of(configuration, streams, steps),
        "nonlinearity": "tanh",
        "optimizer": named(ADAM),
        "weights": weights,
        "x": x,
        "y": y,
        "losses": torch.stack(losses),
        "after": after,
    }


def named(optimizer):
    """The optimizer's options, each under one plain name."""
    beta1, beta2 = optimizer["betas"]
    return {
        "name": "adam",
        "learning_rate": optimizer["lr"],
        "beta1": beta1,
        "beta2": beta2,
        "epsilon": optimizer["eps"],
        "weight_decay": optimizer["weight_decay"],
    }


# The seed script.


def seed_window_float32(step):
    """Step `step` (from 0) as the seed script sees it: the phases rounded to float32 first."""
    phases = np.linspace(step * np.pi, (step + 1) * np.pi, SEED_WINDOW, dtype=np.float32)
    return np.sin(phases), np.cos(phases)


def seed_window_exact(step):
    """Step `step` (from 0) at the phases (step + j/9)·π, exact at any step; sine and cosine rounded to float32."""
    last = SEED_WINDOW - 1
    sign = -1.0 if step % 2 else 1.0
    acute = [math.pi * min(j, last - j) / last for j in range(SEED_WINDOW)]
    sines = [sign * math.sin(angle) for angle in acute]
    cosines = [sign * math.cos(angle) * (1 if 2 * j < last else -1) for j, angle in enumerate(acute)]
    return np.array(sines, dtype=np.float32), np.array(cosines, dtype=np.float32)


def train_seed(network, window, dtype):
    """The losses of the seed script's 300 steps; the hidden state is carried from step to step, detached."""
    optimizer = torch.optim.Adam(network.parameters(), **ADAM)
    states = zero_states(network.configuration, 1, dtype)
    losses = []
    for step in range(SEED_STEPS):
        # One stream and one feature: [T] becomes [T, 1, 1].
        x, y = (torch.from_numpy(values).to(dtype).reshape(-1, 1, 1) for values in window(step))
        _, q, states = network(x, states)
        loss = nn.functional.mse_loss(q, y)
        states = {name: state.detach() for name, state in states.items()}
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.detach())
    return torch.stack(losses)


def seed():
    """The seed script in its own float32, and again in float64 from the same initial weights."""
    configuration = Configuration("rnn", 1, 32, 1)
    torch.manual_seed(1)
    network = Network(configuration)
    weights = layout.weights(network)
    float32 = train_seed(network, seed_window_float32, torch.float32)
    float64 = train_seed(load(configuration, weights, torch.float64), seed_window_exact, torch.float64)
    apart = ((float32 - float64).abs() / float64)[:100].max().item()
    assert apart < 5e-3, f"the seed's first 100 losses are {apart} apart"
    return {
        "sizes": sizes_of(configuration, 1, SEED_WINDOW),
        "nonlinearity": "tanh",
        "optimizer": named(ADAM),
        "weights": weights,
        "losses_float32": float32,
        "losses_float64": float64,
    }
