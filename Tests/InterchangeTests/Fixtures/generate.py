"""Makes the fixtures with the real packages: pip install torch==2.13.0 safetensors==0.8.0 numpy

torch_rnn.safetensors: a torch.nn.RNN (3 inputs, 4 hidden units) and a torch.nn.Linear (2 outputs) in one module, as
people write it. The values are small fractions of integers, exact in float32, so that a test can compute them again:
value k of tensor n (both from 0, in the order below) is ((n + 1) * 37 + k * 11) % 64 / 32 - 1.

NAME.torch.safetensors and NAME.keepstep.safetensors: the weights that PyTorch draws for a module with seed 1, as its
state_dict has them, and the same under Keepstep's names and in its layout (Sources/Interchange/TorchNames.swift),
converted here by what the module says of itself, and not by the tensors' names and shapes.
"""

import os

import torch
from safetensors.torch import save_file

FOLDER = os.path.dirname(os.path.abspath(__file__))


class Forecaster(torch.nn.Module):
    """A recurrent layer or several, and a linear layer on top of their states."""

    def __init__(self, rnn, outputs, bias=True):
        super().__init__()
        self.rnn = rnn
        states = (rnn.proj_size or rnn.hidden_size) * (2 if rnn.bidirectional else 1)
        self.head = torch.nn.Linear(states, outputs, bias=bias)


class Nested(torch.nn.Module):
    """The same with longer names."""

    def __init__(self, rnn, outputs):
        super().__init__()
        self.model = torch.nn.ModuleDict({"encoder": rnn, "decoder": Forecaster(rnn, outputs).head})


def closed_form():
    model = Forecaster(torch.nn.RNN(3, 4, nonlinearity="tanh"), 2)
    with torch.no_grad():
        for n, parameter in enumerate(model.parameters()):
            k = torch.arange(parameter.numel())
            parameter.copy_((((n + 1) * 37 + k * 11) % 64 / 32 - 1).reshape(parameter.shape))
    save(model.state_dict(), "torch_rnn")


GATES = {"RNN_TANH": ["h"], "RNN_RELU": ["h"], "LSTM": ["i", "f", "g", "o"], "GRU": ["r", "z", "n"]}


def gates(rnn, tensor):
    """The parts of a weight or bias by the names that the gates have in PyTorch's equations."""
    return dict(zip(GATES[rnn.mode], tensor.split(rnn.hidden_size)))


def keepstep(rnn, linear):
    """Keepstep's tensors."""
    tensors = {}
    for layer in range(rnn.num_layers):
        for direction in ["", "_reverse"] if rnn.bidirectional else [""]:
            theirs = f"_l{layer}{direction}"
            ours = f"_l{layer}{direction}" if layer else direction
            for name, other in [("W_xh", "weight_ih"), ("W_hh", "weight_hh")]:
                parts = gates(rnn, getattr(rnn, other + theirs))
                tensors[name + ours] = torch.cat([part.T for part in parts.values()], dim=1)
            if rnn.bias:
                x, h = (gates(rnn, getattr(rnn, name + theirs)) for name in ("bias_ih", "bias_hh"))
                if rnn.mode == "GRU":
                    tensors["b_xn" + ours], tensors["b_hn" + ours] = x.pop("n"), h.pop("n")
                tensors["b_h" + ours] = torch.cat([x[gate] + h[gate] for gate in x])
            if rnn.proj_size:
                tensors["W_hr" + ours] = getattr(rnn, "weight_hr" + theirs).T
    tensors["W_hq"] = linear.weight.T
    if linear.bias is not None:
        tensors["b_q"] = linear.bias
    return tensors


def save(tensors, name):
    path = os.path.join(FOLDER, f"{name}.safetensors")
    save_file({name: tensor.detach().clone().contiguous() for name, tensor in tensors.items()}, path, {"format": "pt"})
    print(f"{os.path.basename(path)}: {', '.join(f'{name} {list(tensor.shape)}' for name, tensor in tensors.items())}")


def pair(name, make):
    torch.manual_seed(1)
    model = make()
    rnn, linear = (model.rnn, model.head) if isinstance(model, Forecaster) else model.model.values()
    save(model.state_dict(), f"{name}.torch")
    save(keepstep(rnn, linear), f"{name}.keepstep")


closed_form()
pair("gru_bidirectional_2_layers", lambda: Forecaster(torch.nn.GRU(3, 4, num_layers=2, bidirectional=True), 2))
pair("lstm_projected_2_layers", lambda: Nested(torch.nn.LSTM(3, 5, num_layers=2, proj_size=2), 3))
pair("lstm_bidirectional", lambda: Forecaster(torch.nn.LSTM(2, 3, bidirectional=True), 2))
pair(
    "rnn_relu_3_layers_without_bias",
    lambda: Forecaster(torch.nn.RNN(2, 3, num_layers=3, nonlinearity="relu", bias=False), 1, bias=False),
)
