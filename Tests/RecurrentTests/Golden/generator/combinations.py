"""The combinations of cells.json: every cell with 1, 2 and 3 layers, one and both directions, with and without bias."""

import dataclasses
import itertools

from .network import Configuration

RNN_TANH = """
#  I   H  O  B  T  L  D  biases  P  loss
   1   1  1  1  1  1  1  both    0  mse
   2   5  2  2  3  1  1  none    0  l1
   3   7  5  3  5  1  2  both    0  cross_entropy
   1  16  1  3  2  1  2  none    0  mse
  17   5  1  2  9  2  1  both    0  huber 1
   2   7  2  5  3  2  1  output  0  huber 0.3
   3   7  2  1  5  2  2  both    0  mse
   1   5  5  3  2  2  2  none    0  cross_entropy
   1   7  1  9  3  3  1  both    0  l1
   2   5  5  5  1  3  1  none    0  mse
   3   5  2  2  5  3  2  cell    0  huber 0.3
   2   1  1  5  2  3  2  none    0  mse
  17  16  1  1  5  1  1  both    0  mse
   1  17  2  2  3  1  2  both    0  l1
   1  40  2  2  3  1  1  both    0  cross_entropy
"""

RNN_RELU = """
#  I   H  O  B  T  L  D  biases  P  loss
  17  16  2  1  3  1  1  both    0  huber 0.3
   1   7  1  5  9  1  1  none    0  mse
   2   5  1  9  1  1  2  both    0  mse
   3   7  5  2  2  1  2  none    0  cross_entropy
   1   7  2  3  5  2  1  both    0  l1
   3   5  1  2  2  2  1  none    0  mse
   2   5  2  1  9  2  2  cell    0  mse
   3   7  1  5  3  2  2  none    0  huber 1
   2   7  5  3  1  3  1  both    0  cross_entropy
   1   5  2  9  5  3  1  none    0  l1
  17   3  5  2  3  3  2  both    0  mse
   3   5  2  1  2  3  2  output  0  huber 1
   1  17  2  2  5  1  1  both    0  cross_entropy
"""

LSTM = """
#  I   H  O  B  T  L  D  biases  P  loss
   1   1  1  1  1  1  1  both    0  mse
   3   5  5  2  5  1  1  none    0  cross_entropy
   2   5  1  3  9  1  2  both    0  huber 1
   1   5  2  9  2  1  2  none    0  l1
   3   5  1  5  3  2  1  both    0  mse
  17   5  2  1  5  2  1  none    0  huber 0.3
   1   3  5  2  2  2  2  both    0  cross_entropy
   2   1  1  3  9  2  2  none    0  mse
   2   5  2  5  3  3  1  cell    0  l1
   3   1  1  9  5  3  1  output  0  mse
   1   3  2  2  3  3  2  both    0  mse
   3   1  5  5  2  3  2  none    0  cross_entropy
   1  16  2  3  1  1  1  both    0  huber 1
   1  17  1  1  3  1  1  both    0  mse
   1  33  2  2  5  1  1  both    0  cross_entropy
"""

LSTM_PROJECTED = """
#  I   H  O  B  T  L  D  biases  P  loss
   1   5  1  1  1  1  1  both    3  mse
   2   7  5  3  5  1  1  none    3  cross_entropy
   1  17  2  2  3  1  2  both    3  l1
   2   5  1  5  9  1  2  none    3  huber 1
   2   7  2  9  2  2  1  both    3  mse
   1   5  1  1  5  2  1  output  3  huber 0.3
   1   5  2  2  3  2  2  both    3  mse
   2   5  5  5  1  2  2  none    3  cross_entropy
   1   5  2  3  3  3  1  both    3  l1
   3   7  1  2  2  3  1  none    3  mse
   2   5  5  1  5  3  2  both    3  cross_entropy
   1   4  2  3  3  3  2  output  3  huber 1
   1  40  1  2  3  1  1  both    3  mse
   1  17  1  2  5  1  2  both   16  l1
   1  17  2  1  3  2  1  none   16  cross_entropy
"""

GRU = """
#  I   H  O  B  T  L  D  biases  P  loss
   1   1  1  1  1  1  1  both    0  mse
   2   7  2  3  5  1  1  none    0  huber 1
   3   5  1  2  9  1  2  both    0  l1
   3   7  5  5  2  1  2  none    0  cross_entropy
   1   5  2  9  3  2  1  both    0  mse
   2   7  1  1  5  2  1  none    0  mse
   3   3  5  2  1  2  2  both    0  cross_entropy
   1   5  2  3  9  2  2  output  0  huber 0.3
   2   5  1  5  2  3  1  cell    0  mse
  17   1  2  2  5  3  1  none    0  l1
   1   3  2  2  3  3  2  both    0  huber 1
   3   1  1  9  2  3  2  none    0  mse
   1  16  5  3  2  1  1  both    0  cross_entropy
   2  17  1  1  9  1  1  both    0  mse
   1  33  1  2  2  1  1  both    0  mse
"""

TABLES = {
    ("rnn", "tanh"): RNN_TANH,
    ("rnn", "relu"): RNN_RELU,
    ("lstm", "tanh"): LSTM + LSTM_PROJECTED,
    ("gru", "tanh"): GRU,
}


@dataclasses.dataclass(frozen=True)
class Combination:
    """A configuration, the axes B and T of its data, and a loss (delta is Huber's)."""

    configuration: Configuration
    streams: int
    steps: int
    loss: str
    delta: float | None


def combinations():
    """All combinations, in the tables' order."""
    rows = [
        parse(cell, nonlinearity, line)
        for (cell, nonlinearity), table in TABLES.items()
        for line in table.splitlines()
        if line and not line.startswith("#")
    ]
    assert_complete(rows)
    return rows


def parse(cell, nonlinearity, line):
    """A table's row."""
    *sizes, biases, projection, loss = line.split(maxsplit=9)
    inputs, hidden, outputs, streams, steps, layers, directions = map(int, sizes)
    configuration = Configuration(
        cell,
        inputs,
        hidden,
        outputs,
        nonlinearity,
        layers=layers,
        directions=directions,
        bias=biases in ("both", "cell"),
        output_bias=biases in ("both", "output"),
        projection=int(projection),
    )
    name, *delta = loss.split()
    return Combination(configuration, streams, steps, name, float(delta[0]) if delta else None)


def assert_complete(rows):
    """Every kind of cell has all layers and directions, with and without bias, and no row is there twice."""
    assert len(set(rows)) == len(rows)
    seen = {kind_of(row.configuration) for row in rows}
    kinds = [("rnn", "tanh", False), ("rnn", "relu", False), ("gru", "tanh", False)]
    kinds += [("lstm", "tanh", projected) for projected in (False, True)]
    for kind, *switches in itertools.product(kinds, (1, 2, 3), (1, 2), (True, False)):
        assert (*kind, *switches) in seen, f"no {kind} with {switches}"


def kind_of(c):
    """What the tables cross."""
    return c.cell, c.nonlinearity, c.projection > 0, c.layers, c.directions, c.bias
