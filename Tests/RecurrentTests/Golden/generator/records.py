"""What cells.json and optimizers.json say of networks and tensors."""

from .json_text import Line
from .precision import without_noise


def tensors(named):
    """A list of tensors in the dictionary's order, each with its name and shape on one line."""
    return [Line(name=name, shape=tuple(tensor.shape), values=tensor) for name, tensor in named.items()]


def expected_tensors(named):
    """Such a list without the noise in the last digits."""
    return tensors({name: without_noise(tensor) for name, tensor in named.items()})


def described(c, streams, steps):
    """A configuration and the sizes B and T, under PyTorch's names and the axis letters."""
    return Line(
        cell=c.cell,
        nonlinearity=c.nonlinearity,
        num_layers=c.layers,
        bidirectional=c.directions == 2,
        bias=c.bias,
        output_bias=c.output_bias,
        proj_size=c.projection,
        I=c.inputs,
        H=c.hidden,
        O=c.outputs,
        B=streams,
        T=steps,
    )
