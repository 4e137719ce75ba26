"""Keepstep's networks once more, in NumPy, from the equations and Keepstep's layouts alone.

It shares nothing with PyTorch's parameters or with layout.py: where its results are PyTorch's, no name is mistaken, no
matrix transposed the wrong way, and each gradient is that of the tensor whose name it bears.
"""

import math

import numpy as np


def sigmoid(a):
    """1 / (1 + exp(-a))."""
    return 1 / (1 + np.exp(-a))


class Twin:
    """A network of Keepstep's tensors, in float64."""

    def __init__(self, configuration, weights):
        self.configuration = configuration
        self.weights = {name: np.asarray(values, dtype=np.float64) for name, values in weights.items()}
        self.nearest_kink = math.inf  # the smallest |a| of which relu(a) was taken

    def forward(self, x, states):
        """x [T, B, I] and initial states; q [T, B, O] and final states."""
        configuration, final, hidden = self.configuration, {}, x
        for layer in range(configuration.layers):
            below, hidden = hidden, []
            for direction in range(configuration.directions):
                suffix = (f"_l{layer}" if layer else "") + ("_reverse" if direction else "")
                chain, state = self.chain(below, {name: states[name + suffix] for name in self.state_names}, suffix)
                hidden.append(chain)
                final |= {name + suffix: values for name, values in state.items()}
            hidden = np.concatenate(hidden, axis=-1)
        return hidden @ self.weights["W_hq"] + self.weights.get("b_q", 0), final

    @property
    def state_names(self):
        """A chain's states, without their suffix."""
        return ("H", "C") if self.configuration.cell == "lstm" else ("H",)

    def chain(self, x, state, suffix):
        """One layer in one direction: H at every time [T, B, P], and the last state, the reverse one's after time 0."""
        steps = {"rnn": self.rnn_step, "lstm": self.lstm_step, "gru": self.gru_step}
        step = steps[self.configuration.cell]
        hidden = [None] * len(x)
        times = range(len(x))
        for t in reversed(times) if suffix.endswith("_reverse") else times:
            state = step(x[t], state, suffix)
            hidden[t] = state["H"]
        return np.stack(hidden), state

    def rnn_step(self, x, state, suffix):
        """h = φ(x W_xh + h W_hh + b_h)."""
        a = self.product("W_xh", x, suffix) + self.product("W_hh", state["H"], suffix) + self.bias("b_h", suffix)
        if self.configuration.nonlinearity == "tanh":
            return {"H": np.tanh(a)}
        self.nearest_kink = min(self.nearest_kink, np.abs(a).min())
        return {"H": np.maximum(a, 0)}

    def lstm_step(self, x, state, suffix):
        """c = f c + i g, h = o tanh(c), projected h = (o tanh(c)) W_hr."""
        a = self.product("W_xh", x, suffix) + self.product("W_hh", state["H"], suffix) + self.bias("b_h", suffix)
        i, f, g, o = np.split(a, 4, axis=-1)
        c = sigmoid(f) * state["C"] + sigmoid(i) * np.tanh(g)
        h = sigmoid(o) * np.tanh(c)
        if self.configuration.projection:
            h = self.product("W_hr", h, suffix)
        return {"H": h, "C": c}

    def gru_step(self, x, state, suffix):
        """n = tanh(x W_xn + b_xn + r (h W_hn + b_hn)), h = (1 - z) n + z h."""
        h, shared = state["H"], 2 * self.configuration.hidden
        from_x, from_h = self.product("W_xh", x, suffix), self.product("W_hh", h, suffix)
        r, z = np.split(sigmoid(from_x[:, :shared] + from_h[:, :shared] + self.bias("b_h", suffix)), 2, axis=-1)
        candidate = from_h[:, shared:] + self.bias("b_hn", suffix)
        n = np.tanh(from_x[:, shared:] + self.bias("b_xn", suffix) + r * candidate)
        return {"H": (1 - z) * n + z * h}

    def product(self, name, values, suffix):
        """values · W."""
        return values @ self.weights[name + suffix]

    def bias(self, name, suffix):
        """The bias, or zero where there is none."""
        return self.weights.get(name + suffix, 0)


def twin_loss(name, q, y, delta=None):
    """The loss, from its definition."""
    if name == "cross_entropy":
        picked = np.take_along_axis(q, y.astype(int), axis=-1)[..., 0]
        return np.mean(np.log(np.exp(q).sum(axis=-1)) - picked)
    d = np.abs(q - y)
    if name == "huber":
        return np.mean(np.where(d <= delta, d * d / 2, delta * (d - delta / 2)))
    return np.mean(d * d if name == "mse" else d)
