#!/usr/bin/env python3
"""Golden values for Keepstep's tests, from PyTorch.

    generate.py                                            writes golden.json beside this file
    generate.py check-export WEIGHTS.safetensors PREDICTIONS.csv
                                                           PyTorch predicts the same from an export?

Axes: T time steps, B streams, I inputs, H hidden units, O outputs.
README.md beside this file says what golden.json holds and how it was computed.
"""

import argparse
import csv
import math
import pathlib
import sys

import numpy as np
import torch
from torch import nn

GOLDEN = pathlib.Path(__file__).with_name("golden.json")
TOLERANCE = 1e-5  # PyTorch's own float32 against float64, and exports against PyTorch

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


# Networks, between PyTorch's parameters and Keepstep's.


class Network(nn.Module):
    """torch.nn.RNN (one layer, one direction) and torch.nn.Linear on top of every hidden state."""

    def __init__(self, inputs, hidden, outputs, nonlinearity="tanh", bias=True, batch_first=False):
        super().__init__()
        self.rnn = nn.RNN(inputs, hidden, nonlinearity=nonlinearity, bias=bias, batch_first=batch_first)
        self.out = nn.Linear(hidden, outputs, bias=bias)

    def forward(self, x, h0):
        """x [T, B, I], h0 [B, H]; hidden [T, B, H], q [T, B, O], last hidden state [B, H]."""
        hidden, last = self.rnn(x, h0.unsqueeze(0))
        return hidden, self.out(hidden), last.squeeze(0)


def keepstep_tensors(rnn, out, of=lambda parameter: parameter):
    """The five tensors under Keepstep's names, without the biases where there are none."""
    tensors = {"W_xh": of(rnn.weight_ih_l0).T, "W_hh": of(rnn.weight_hh_l0).T}
    if rnn.bias:
        tensors["b_h"] = of(rnn.bias_ih_l0) + of(rnn.bias_hh_l0)
    tensors["W_hq"] = of(out.weight).T
    if out.bias is not None:
        tensors["b_q"] = of(out.bias)
    return {name: tensor.detach().contiguous().clone() for name, tensor in tensors.items()}


def load_keepstep(tensors, nonlinearity, dtype):
    """A network with Keepstep's weights. Each of PyTorch's two biases is half of b_h, so that their sum is exact."""
    (inputs, hidden), outputs = tensors["W_xh"].shape, tensors["W_hq"].shape[1]
    network = Network(inputs, hidden, outputs, nonlinearity, bias="b_h" in tensors).to(dtype)
    with torch.no_grad():
        network.rnn.weight_ih_l0.copy_(tensors["W_xh"].T)
        network.rnn.weight_hh_l0.copy_(tensors["W_hh"].T)
        network.out.weight.copy_(tensors["W_hq"].T)
        if "b_h" in tensors:
            network.rnn.bias_ih_l0.copy_(tensors["b_h"] / 2)
            network.rnn.bias_hh_l0.copy_(tensors["b_h"] / 2)
            network.out.bias.copy_(tensors["b_q"])
    return network


def keepstep_gradients(network):
    """Gradients under Keepstep's names. b_h's is that of either bias: PyTorch's two are equal but for rounding."""
    rnn, out = network.rnn, network.out
    gradients = keepstep_tensors(rnn, out, of=lambda parameter: parameter.grad)
    if rnn.bias:
        ih, hh = rnn.bias_ih_l0.grad, rnn.bias_hh_l0.grad
        rounding = 100 * torch.finfo(ih.dtype).eps
        assert (ih - hh).abs().max() <= rounding * ih.abs().max(), "the gradients of PyTorch's two biases differ"
        gradients["b_h"] = ih.clone()
    return gradients


# The sections of golden.json.


def expected_step(weights, nonlinearity, x, y, h0, dtype):
    """Everything one forward and one backward pass yield, computed in dtype."""
    network = load_keepstep(weights, nonlinearity, dtype)
    hidden, q, last = network(x.to(dtype), h0.to(dtype))
    loss = nn.functional.mse_loss(q, y.to(dtype))
    loss.backward()
    gradients = keepstep_gradients(network)
    norm = nn.utils.clip_grad_norm_(network.parameters(), math.inf)
    return {
        "hidden": hidden.detach(),
        "q": q.detach(),
        "final_hidden": last.detach(),
        "loss": loss.detach(),
        "gradient_norm": norm,
        "gradients": gradients,
    }


def assert_close(exact, rounded, where):
    """Every entry of rounded is within TOLERANCE of exact, relative to the tensor's largest entry."""
    for name, value in exact.items():
        if isinstance(value, dict):
            assert_close(value, rounded[name], f"{where}, {name}")
            continue
        difference = (rounded[name].double() - value).abs().max().item()
        largest = value.abs().max().item()
        assert difference <= TOLERANCE * largest, f"{where}, {name}: {difference} apart, largest entry {largest}"


def case(number, sizes):
    """One set of sizes: default initial weights, normal x, y and h0, and the values of one step in float64."""
    inputs, hidden, outputs, streams, steps, nonlinearity, bias = sizes
    torch.manual_seed(100 + number)
    source = Network(inputs, hidden, outputs, nonlinearity, bias)
    weights = keepstep_tensors(source.rnn, source.out)
    x, y = torch.randn(steps, streams, inputs), torch.randn(steps, streams, outputs)
    h0 = torch.randn(streams, hidden) / 2
    expected = expected_step(weights, nonlinearity, x, y, h0, torch.float64)
    assert_close(expected, expected_step(weights, nonlinearity, x, y, h0, torch.float32), f"case {number}")
    return {
        "sizes": {"I": inputs, "H": hidden, "O": outputs, "B": streams, "T": steps},
        "nonlinearity": nonlinearity,
        "bias": bias,
        "weights": weights,
        "x": x,
        "y": y,
        "h0": h0,
        "expected": {
            **{name: single(value) for name, value in expected.items() if name in ("hidden", "q", "final_hidden")},
            "loss": expected["loss"],
            "gradient_norm": expected["gradient_norm"],
            "gradients": {name: single(gradient) for name, gradient in expected["gradients"].items()},
        },
    }


def adam():
    """Ten steps of Adam in float64 on one window, always from the zero state."""
    inputs, hidden, outputs, streams, steps = 2, 4, 2, 2, 3
    torch.manual_seed(200)
    source = Network(inputs, hidden, outputs)
    weights = keepstep_tensors(source.rnn, source.out)
    x, y = torch.randn(steps, streams, inputs), torch.randn(steps, streams, outputs)
    network = load_keepstep(weights, "tanh", torch.float64)
    optimizer = torch.optim.Adam(network.parameters(), **ADAM)
    losses, after = [], []
    for step in range(1, 11):
        optimizer.zero_grad()
        _, q, _ = network(x.double(), torch.zeros(streams, hidden, dtype=torch.float64))
        loss = nn.functional.mse_loss(q, y.double())
        loss.backward()
        optimizer.step()
        losses.append(loss.detach())
        if step in (1, 2, 10):
            after.append({"step": step, "weights": keepstep_tensors(network.rnn, network.out)})
    return {
        "sizes": {"I": inputs, "H": hidden, "O": outputs, "B": streams, "T": steps},
        "nonlinearity": "tanh",
        "optimizer": named(ADAM),
        "weights": weights,
        "x": x,
        "y": y,
        "losses": torch.stack(losses),
        "after": after,
    }


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
    h = torch.zeros(1, network.rnn.hidden_size, dtype=dtype)
    losses = []
    for step in range(SEED_STEPS):
        # One stream and one feature: [T] becomes [1, T, 1] or [T, 1, 1].
        shape = (1, -1, 1) if network.rnn.batch_first else (-1, 1, 1)
        x, y = (torch.from_numpy(values).to(dtype).reshape(shape) for values in window(step))
        _, q, h = network(x, h)
        loss = nn.functional.mse_loss(q, y)
        h = h.detach()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.detach())
    return torch.stack(losses)


def seed():
    """The seed script in its own float32, and again in float64 from the same initial weights."""
    torch.manual_seed(1)
    network = Network(1, 32, 1, batch_first=True)
    weights = keepstep_tensors(network.rnn, network.out)
    float32 = train_seed(network, seed_window_float32, torch.float32)
    float64 = train_seed(load_keepstep(weights, "tanh", torch.float64), seed_window_exact, torch.float64)
    apart = ((float32 - float64).abs() / float64)[:100].max().item()
    assert apart < 5e-3, f"the seed's first 100 losses are {apart} apart"
    return {
        "sizes": {"I": 1, "H": 32, "O": 1, "B": 1, "T": SEED_WINDOW},
        "nonlinearity": "tanh",
        "optimizer": named(ADAM),
        "weights": weights,
        "losses_float32": float32,
        "losses_float64": float64,
    }


# Writing JSON: one line a tensor, as flat row-major lists; numbers in their shortest form that reads back the same.


def single(tensor):
    """The tensor rounded to float32."""
    return tensor.to(torch.float32)


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


def json_text(value, indent=""):
    """JSON with an indented line for every key, but tensors and sizes each on one line."""
    deeper = indent + "  "
    if isinstance(value, torch.Tensor):
        numbers = [str(number) for number in value.numpy().reshape(-1)]
        return numbers[0] if value.ndim == 0 else "[" + ",".join(numbers) + "]"
    if isinstance(value, dict) and all(isinstance(entry, int) for entry in value.values()):
        return "{" + ", ".join(f'"{name}": {entry}' for name, entry in value.items()) + "}"
    if isinstance(value, dict):
        entries = [f'{deeper}"{name}": {json_text(entry, deeper)}' for name, entry in value.items()]
        return "{\n" + ",\n".join(entries) + f"\n{indent}}}"
    if isinstance(value, list):
        return "[\n" + ",\n".join(deeper + json_text(entry, deeper) for entry in value) + f"\n{indent}]"
    if isinstance(value, bool):
        return "true" if value else "false"
    return f'"{value}"' if isinstance(value, str) else repr(value)


def generate():
    """Writes golden.json."""
    golden = {
        "source": f"torch {torch.__version__.split('+')[0]}",
        "cases": [case(number, sizes) for number, sizes in enumerate(CASES)],
        "adam": adam(),
        "seed": seed(),
    }
    GOLDEN.write_text(json_text(golden) + "\n", encoding="utf-8")
    print(f"{GOLDEN.name}: {len(golden['cases'])} cases, {GOLDEN.stat().st_size} bytes")


# check-export: a network trained by Keepstep, in PyTorch's hands.


def load_export(path, nonlinearity):
    """The network in a safetensors file with PyTorch's names, whatever prefixes stand before them."""
    from safetensors.torch import load_file

    tensors = load_file(path)
    recurrent = {name.rsplit(".", 1)[-1]: tensor for name, tensor in tensors.items() if name.endswith("_l0")}
    linear = {name.rsplit(".", 1)[-1]: tensor for name, tensor in tensors.items() if not name.endswith("_l0")}
    if not {"weight_ih_l0", "weight_hh_l0"} <= recurrent.keys() or "weight" not in linear:
        sys.exit(f"error: {path} holds {sorted(tensors)}, not torch.nn.RNN's and torch.nn.Linear's tensors")
    hidden, inputs = recurrent["weight_ih_l0"].shape
    network = Network(inputs, hidden, linear["weight"].shape[0], nonlinearity, bias="bias" in linear)
    network.rnn.load_state_dict(recurrent)
    network.out.load_state_dict(linear)
    return network


def read_predictions(path, inputs, outputs):
    """Columns and values of `row, inputs…, targets…, predictions…`: inputs [T, I] and predictions [T, O]."""
    with open(path, newline="", encoding="utf-8") as file:
        header, *rows = csv.reader(file)
    if len(header) != 1 + inputs + 2 * outputs or not rows:
        sys.exit(
            f"error: {path} has {len(rows)} rows of {len(header)} columns; {inputs} inputs and {outputs} outputs "
            f"need {1 + inputs + 2 * outputs}: row, inputs, targets, predictions"
        )
    x = np.array([row[1 : 1 + inputs] for row in rows], dtype=np.float32)
    predictions = np.array([row[-outputs:] for row in rows], dtype=np.float64)
    return header[1 : 1 + inputs], header[-outputs:], x, predictions


def check_export(options):
    """PyTorch's predictions from an export against Keepstep's; the exit status is 1 when they differ."""
    network = load_export(options.weights, options.nonlinearity)
    columns, predicted, x, keepstep = read_predictions(options.predictions, options.inputs, options.outputs)
    with torch.no_grad():
        _, q, _ = network(torch.from_numpy(x).unsqueeze(1), torch.zeros(1, network.rnn.hidden_size))
    apart = np.abs(q.squeeze(1).double().numpy() - keepstep).max()
    same = bool(apart < TOLERANCE)  # false for NaN
    print(
        f"{options.weights} in torch {torch.__version__}: I {x.shape[1]}, H {network.rnn.hidden_size}, "
        f"O {keepstep.shape[1]}, {options.nonlinearity}; {len(x)} rows, {', '.join(columns)} -> {', '.join(predicted)}"
    )
    print(f"largest difference {apart:.3g}, allowed {TOLERANCE:g}: {'the same' if same else 'DIFFERENT'}")
    return 0 if same else 1


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
