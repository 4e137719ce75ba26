"""Has MLX load exports under its names and predict the same: check_mlx.py CASES

CASES has a line a trained network, NAME and the options of `keepstep train`; beside it lie NAME.mlx.safetensors and
NAME.csv, its predictions. MLX Swift's modules have the same parameters (MLXNN, Recurrent.swift).
"""

import csv
import os
import sys

try:
    import mlx.core as mx
    import mlx.nn as nn
except ImportError as missing:
    print(f"skipped: MLX is not here ({missing}); pip install 'mlx[cpu]'")
    sys.exit(0)

TOLERANCE = 1e-5  # of the largest prediction
CELLS = {1: nn.RNN, 3: nn.GRU, 4: nn.LSTM}


class Model(nn.Module):
    """Layers on top of each other, in one or both directions, and a linear layer."""

    def __init__(self, weights, relu):
        super().__init__()
        gates, inputs = next(tensor.shape for name, tensor in weights.items() if name.startswith("layers.0.Wx"))
        hidden = next(tensor.shape[1] for name, tensor in weights.items() if name.startswith("layers.0.Wh"))
        both = any(name.startswith("reverse_layers") for name in weights)
        count = sum(name.startswith("layers") and ".Wh" in name for name in weights)
        cell, bias = CELLS[gates // hidden], any(name.startswith("layers.0.b") for name in weights)
        options = {"nonlinearity": nn.relu} if relu else {}
        sizes = [inputs] + [hidden * (1 + both)] * (count - 1)
        self.layers = [cell(size, hidden, bias=bias, **options) for size in sizes]
        if both:
            self.reverse_layers = [cell(size, hidden, bias=bias, **options) for size in sizes]
        outputs, features = weights["out.weight"].shape
        self.out = nn.Linear(features, outputs, bias="out.bias" in weights)

    def places(self):
        """Each layer's modules: forward, and backward where there is one."""
        return list(zip(self.layers, self.reverse_layers)) if "reverse_layers" in self else [(m,) for m in self.layers]

    def __call__(self, x, states):
        """Outputs [T, O] and final states for x [T, I]; a state is (h, c), or (h,)."""
        finals = []
        for place, modules in enumerate(self.places()):
            parts = []
            for direction, module in enumerate(modules):
                rows = x[::-1] if direction else x
                state = states[place][direction] if states else self.zeros(module)
                results = module(rows, *state)
                results = results if isinstance(results, tuple) else (results,)
                finals.append(tuple(result[-1] for result in results))
                parts.append(results[0][::-1] if direction else results[0])
            x = mx.concatenate(parts, axis=-1)
        width = len(self.places()[0])
        return self.out(x), [finals[k : k + width] for k in range(0, len(finals), width)]

    def zeros(self, module):
        """The first state; without one MLX Swift's GRU leaves bhn out of the first step."""
        hidden = (module.Whh if isinstance(module, nn.RNN) else module.Wh).shape[1]
        return [mx.zeros(hidden)] * (2 if isinstance(module, nn.LSTM) else 1)


def check(name, words):
    """Are the predictions within the tolerance?"""
    weights = mx.load(f"{name}.mlx.safetensors")
    model = Model(weights, "relu" in words)
    model.load_weights(list(weights.items()), strict=True)
    inputs = next(tensor.shape[1] for key, tensor in weights.items() if key.startswith("layers.0.Wx"))
    outputs = weights["out.weight"].shape[0]
    with open(f"{name}.csv", newline="", encoding="utf-8") as file:
        _, *rows = csv.reader(file)
    rows = rows[:600]  # a step of MLX takes its time
    x = mx.array([[float(cell) for cell in row[1 : 1 + inputs]] for row in rows])
    expected = mx.array([[float(cell) for cell in row[-outputs:]] for row in rows])
    window = int(words[words.index("--window") + 1]) if "--window" in words else 10
    states, predictions = None, []
    for start in range(0, len(rows), window):
        q, states = model(x[start : start + window], states)
        mx.eval(q, states)
        predictions.append(q)
    apart = (mx.abs(mx.concatenate(predictions) - expected).max() / mx.abs(expected).max()).item()
    same = apart < TOLERANCE  # false for NaN
    print(f"{name:28} {len(rows):5} rows, {apart:.1e} apart: {'the same' if same else 'DIFFERENT'}")
    return same


mx.set_default_device(mx.cpu)
with open(sys.argv[1], encoding="utf-8") as file:
    cases = [line.split() for line in file]
results = [check(name, words) for name, *words in cases if os.path.exists(f"{name}.mlx.safetensors")]
print(f"MLX {mx.__version__}: {sum(results)} of {len(results)} networks predict the same within {TOLERANCE:g}")
sys.exit(not all(results))
