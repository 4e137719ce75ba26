"""Networks: their configuration, and torch.nn.RNN, LSTM or GRU with torch.nn.Linear on top."""

import dataclasses

import torch
from torch import nn

from . import layout


@dataclasses.dataclass(frozen=True)
class Configuration:
    """The sizes and switches of a network: I inputs, H hidden, O outputs, P projection (0 for none)."""

    cell: str  # rnn, lstm or gru
    inputs: int
    hidden: int
    outputs: int
    nonlinearity: str = "tanh"  # an RNN's; the others have no choice
    layers: int = 1
    directions: int = 1
    bias: bool = True
    output_bias: bool = True
    projection: int = 0

    @property
    def state(self):
        """P, the size of H(t): that of the projection, or H."""
        return self.projection or self.hidden


class Network(nn.Module):
    """The recurrent layers, and one linear layer on top of every hidden state."""

    def __init__(self, configuration):
        super().__init__()
        c = self.configuration = configuration
        options = {"num_layers": c.layers, "bias": c.bias, "bidirectional": c.directions == 2}
        if c.cell == "rnn":
            self.rnn = nn.RNN(c.inputs, c.hidden, nonlinearity=c.nonlinearity, **options)
        elif c.cell == "lstm":
            self.rnn = nn.LSTM(c.inputs, c.hidden, proj_size=c.projection, **options)
        else:
            self.rnn = nn.GRU(c.inputs, c.hidden, **options)
        self.out = nn.Linear(c.directions * c.state, c.outputs, bias=c.output_bias)

    def forward(self, x, states):
        """x [T, B, I] and Keepstep's initial states; hidden [T, B, D·P], q [T, B, O], Keepstep's final states."""
        hidden, last = self.rnn(x, layout.to_torch_states(self.configuration, states))
        return hidden, self.out(hidden), layout.to_keepstep_states(self.configuration, last)


def load(configuration, tensors, dtype):
    """A network with Keepstep's weights, in dtype."""
    network = Network(configuration).to(dtype)
    layout.load_keepstep(network, tensors)
    return network


def zero_states(configuration, streams, dtype):
    """The states [B, P] and [B, H] with which a pass over the data starts."""
    return {
        name: torch.zeros(streams, size, dtype=dtype) for name, size in layout.state_sizes(configuration).items()
    }
