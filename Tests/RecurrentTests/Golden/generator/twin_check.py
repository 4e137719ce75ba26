"""PyTorch's results against the twin's: outputs, final states, loss and every gradient."""

import numpy as np

from .twin import Twin, twin_loss

TOLERANCE = 1e-12  # float64 in another order of operations
DIFFERENCE = 1e-6  # the weights' way to either side in a difference quotient
GRADIENT_TOLERANCE = 1e-7  # what cancellation leaves of a difference quotient
NEAREST_KINK = 1e-4  # what relu's arguments and l1's differences keep from zero: float32 takes the same branches


class Problem:
    """A network of Keepstep's tensors with its data and its loss, all in float64."""

    def __init__(self, configuration, states, x, y, loss="mse", delta=None):
        self.configuration = configuration
        self.states = {name: state.double().numpy() for name, state in states.items()}
        self.x, self.y = x.double().numpy(), y.double().numpy()
        self.loss, self.delta = loss, delta

    def solve(self, weights):
        """The twin after its forward pass, q, the final states and the loss."""
        twin = Twin(self.configuration, weights)
        q, final = twin.forward(self.x, self.states)
        return twin, q, final, twin_loss(self.loss, q, self.y, self.delta)


def assert_twin_agrees(problem, weights, exact, where):
    """The twin's q, final states and loss are those of `exact`, and so are its difference quotients."""
    twin, q, final, loss = problem.solve(weights)
    assert_same(q, exact["q"], f"{where}, q")
    assert list(final) == list(exact["final_states"])
    for name, state in final.items():
        assert_same(state, exact["final_states"][name], f"{where}, {name}")
    assert_same(loss, exact["loss"], f"{where}, loss")
    assert_off_kinks(problem, twin, q, where)
    assert_gradients(problem, weights, exact["gradients"], where)


def assert_same(found, expected, where):
    """Within TOLERANCE of the largest entry."""
    expected = expected.numpy()
    assert np.shape(found) == expected.shape, where
    assert np.abs(found - expected).max() <= TOLERANCE * np.abs(expected).max(), where


def assert_off_kinks(problem, twin, q, where):
    """No derivative jumps nearby, and Huber's two branches both occur."""
    assert twin.nearest_kink >= NEAREST_KINK, f"{where}: relu at {twin.nearest_kink}"
    if problem.loss in ("l1", "huber"):
        apart = np.abs(q - problem.y)
        assert problem.loss == "huber" or apart.min() >= NEAREST_KINK, f"{where}: l1 at {apart.min()}"
        assert problem.loss == "l1" or apart.min() < problem.delta < apart.max(), f"{where}: huber in one branch"


def assert_gradients(problem, weights, gradients, where):
    """Each gradient along a random direction is the loss's difference quotient along it."""
    generator = np.random.default_rng(0)
    assert list(weights) == list(gradients), where
    for name, gradient in gradients.items():
        gradient = gradient.numpy()
        direction = generator.choice([-1.0, 1.0], gradient.shape)
        expected, size = np.sum(gradient * direction), np.abs(gradient).sum()
        apart = abs(quotient(problem, weights, name, direction) - expected)
        assert apart <= GRADIENT_TOLERANCE * max(size, 1e-2), f"{where}, gradient of {name}: {apart} of {size}"


def quotient(problem, weights, name, direction):
    """The loss's change along a direction of one tensor, for each unit."""
    middle = weights[name].double().numpy()
    losses = [problem.solve(weights | {name: middle + sign * DIFFERENCE * direction})[-1] for sign in (1, -1)]
    return (losses[0] - losses[1]) / (2 * DIFFERENCE)
