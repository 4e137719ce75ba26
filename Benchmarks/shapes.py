"""The shapes that are measured, their goals, and the arithmetic in a step of each."""

from typing import NamedTuple

GATES = {"rnn": 1, "lstm": 4, "gru": 3}


class Shape(NamedTuple):
    """A network and its windows: B streams, T time steps, I inputs, H hidden units, O outputs."""

    cell: str
    B: int
    T: int
    I: int
    H: int
    O: int

    def __str__(self):
        return " ".join(map(str, self))

    @property
    def is_sine(self):
        """Is the data the sine task, which has one stream, one input and one output?"""
        return self.B == self.I == self.O == 1

    @property
    def learning_rate(self):
        """The seed's for its own task."""
        return 0.02 if self.is_sine else 0.001

    @property
    def operations(self):
        """Floating-point operations in the products of a step, a fused multiply-add counted as two.

        Forward is X·W_xh and H·W_hh. Backward has as many for the weights' gradients, and ∂L/∂H(t-1), which the
        first time step does not need. The output layer has three products. Adam, biases, gates' functions: not counted.
        """
        B, T, I, H, O = self[1:]
        gates = GATES[self.cell] * H
        forward = 2 * B * T * (I + H) * gates
        carried = 2 * B * (T - 1) * H * gates
        output = 2 * B * T * H * O
        return 2 * forward + carried + 3 * output


def parse(text):
    """A shape from words such as `rnn 1 10 1 32 1`."""
    words = text.split()
    if len(words) != 6 or words[0] not in GATES or not all(w.isdigit() and int(w) > 0 for w in words[1:]):
        raise SystemExit(f'error: BENCH_ROWS: "{text.strip()}" is not a cell (rnn, lstm, gru) and sizes B T I H O')
    return Shape(words[0], *map(int, words[1:]))


# Steps per second that Keepstep shall reach with two threads.
GOALS = {
    parse("rnn 1 10 1 32 1"): 300_000,  # the seed's network
    parse("rnn 1 100 1 32 1"): 50_000,
    parse("rnn 1 50 16 256 1"): 6_000,
    parse("rnn 32 50 8 128 1"): 1_700,
    parse("rnn 64 100 64 512 8"): 36,
    parse("lstm 1 10 1 32 1"): 120_000,
    parse("lstm 32 50 8 128 1"): 450,
    parse("lstm 64 100 64 512 8"): 9,
    parse("gru 32 50 8 128 1"): 550,
}
