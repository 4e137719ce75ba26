"""Steps per second of JAX: a jitted step with lax.scan over the time steps and Adam by hand, its buffers donated."""

import functools

import jax
import jax.numpy as jnp

import measure

GATES = {"rnn": 1, "lstm": 4, "gru": 3}


def rnn(state, xw, w, b):
    """h' = tanh(x·W_xh + b_h + h·W_hh), where `xw` is x·W_xh + b_h for all gates [B, G·H]."""
    (h,) = state
    return (jnp.tanh(xw + h @ w),)


def lstm(state, xw, w, b):
    """c' = f·c + i·g, h' = o·tanh(c')."""
    h, c = state
    i, f, g, o = jnp.split(xw + h @ w, 4, axis=1)
    c = jax.nn.sigmoid(f) * c + jax.nn.sigmoid(i) * jnp.tanh(g)
    return jax.nn.sigmoid(o) * jnp.tanh(c), c


def gru(state, xw, w, b):
    """n = tanh(x·W_xn + b_n + r·(h·W_hn + b)), h' = (1 - z)·n + z·h."""
    (h,) = state
    xr, xz, xn = jnp.split(xw, 3, axis=1)
    hr, hz, hn = jnp.split(h @ w, 3, axis=1)
    r, z = jax.nn.sigmoid(xr + hr), jax.nn.sigmoid(xz + hz)
    n = jnp.tanh(xn + r * (hn + b))
    return ((1 - z) * n + z * h,)


CELLS = {"rnn": rnn, "lstm": lstm, "gru": gru}


def loss(weights, state, x, y, cell):
    """The mean squared error of a window, and the state behind it."""
    xw = x @ weights["W_xh"] + weights["b_h"]  # all time steps at once, outside the scan

    def one(state, xw):
        state = CELLS[cell](state, xw, weights["W_hh"], weights["b_n"])
        return state, state[0]

    state, h = jax.lax.scan(one, state, xw)
    q = h @ weights["W_hq"] + weights["b_q"]
    return jnp.mean((q - y) ** 2), state


@functools.partial(jax.jit, static_argnames=("cell", "rate"), donate_argnames=("training",))
def step(training, x, y, cell, rate):
    """Forward, backward and Adam (betas 0.9 and 0.999, epsilon 1e-8); the state is carried on."""
    weights, m, v, count, state = training
    (value, state), g = jax.value_and_grad(loss, has_aux=True)(weights, state, x, y, cell)
    count = count + 1
    m = jax.tree.map(lambda m, g: 0.9 * m + 0.1 * g, m, g)
    v = jax.tree.map(lambda v, g: 0.999 * v + 0.001 * g * g, v, g)
    size, scale = rate / (1 - 0.9**count), 1 / (1 - 0.999**count)
    weights = jax.tree.map(lambda w, m, v: w - size * m / (jnp.sqrt(scale * v) + 1e-8), weights, m, v)
    return value, (weights, m, v, count, state)


def start(a):
    """Untrained weights, uniform in ±1/√H, and zero states."""
    shapes = {"W_xh": (a.I, GATES[a.cell] * a.H), "W_hh": (a.H, GATES[a.cell] * a.H), "b_h": (GATES[a.cell] * a.H,)}
    shapes |= {"b_n": (a.H if a.cell == "gru" else 0,), "W_hq": (a.H, a.O), "b_q": (a.O,)}
    keys = dict(zip(shapes, jax.random.split(jax.random.key(1), len(shapes))))
    bound = a.H**-0.5
    weights = {n: jax.random.uniform(keys[n], s, minval=-bound, maxval=bound) for n, s in shapes.items()}
    m, v = (jax.tree.map(jnp.zeros_like, weights) for _ in range(2))
    state = tuple(jnp.zeros((a.B, a.H)) for _ in range(2 if a.cell == "lstm" else 1))
    return weights, m, v, jnp.float32(0), state


def main():
    arguments = measure.arguments()
    windows = [tuple(map(jnp.asarray, window)) for window in measure.windows(arguments)]
    training = start(arguments)

    def one(k):
        nonlocal training
        x, y = windows[k % len(windows)]
        value, training = step(training, x, y, arguments.cell, arguments.learning_rate)
        return float(value)

    measure.report(rate=measure.rate(one, arguments.seconds), version=jax.__version__, note="lax.scan, jitted")


main()
