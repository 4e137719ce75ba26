"""check-export: a network trained by Keepstep, in PyTorch's hands."""

import csv
import sys

import numpy as np
import torch

from .network import Configuration, Network, zero_states

TOLERANCE = 1e-5


def load_export(path, nonlinearity):
    """The network in a safetensors file with PyTorch's names, whatever prefixes stand before them."""
    from safetensors.torch import load_file

    tensors = load_file(path)
    recurrent = {name.rsplit(".", 1)[-1]: tensor for name, tensor in tensors.items() if name.endswith("_l0")}
    linear = {name.rsplit(".", 1)[-1]: tensor for name, tensor in tensors.items() if not name.endswith("_l0")}
    if not {"weight_ih_l0", "weight_hh_l0"} <= recurrent.keys() or "weight" not in linear:
        sys.exit(f"error: {path} holds {sorted(tensors)}, not torch.nn.RNN's and torch.nn.Linear's tensors")
    hidden, inputs = recurrent["weight_ih_l0"].shape
    bias = "bias" in linear
    configuration = Configuration(
        "rnn", inputs, hidden, linear["weight"].shape[0], nonlinearity, bias=bias, output_bias=bias
    )
    network = Network(configuration)
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
    configuration = network.configuration
    with torch.no_grad():
        _, q, _ = network(torch.from_numpy(x).unsqueeze(1), zero_states(configuration, 1, torch.float32))
    apart = np.abs(q.squeeze(1).double().numpy() - keepstep).max()
    same = bool(apart < TOLERANCE)  # false for NaN
    print(
        f"{options.weights} in torch {torch.__version__}: I {x.shape[1]}, H {configuration.hidden}, "
        f"O {keepstep.shape[1]}, {options.nonlinearity}; {len(x)} rows, {', '.join(columns)} -> {', '.join(predicted)}"
    )
    print(f"largest difference {apart:.3g}, allowed {TOLERANCE:g}: {'the same' if same else 'DIFFERENT'}")
    return 0 if same else 1
