"""optimizers.json: fifty steps of every optimizer on three small networks."""

import dataclasses
import itertools
import math

import torch
from torch import nn

from . import layout
from .json_text import Line
from .network import Configuration, Network, load, zero_states
from .precision import assert_close, distance, short, without_noise
from .records import described, expected_tensors, tensors
from .twin_check import Problem, assert_same

STEPS = 50
STREAMS, TIMES = 3, 5
FLOAT32_TOLERANCE = 1e-5  # PyTorch's own float32 against float64; the tests allow Keepstep 1e-3
APART = 5e-2  # what the final weights of any two runs of one network differ by at least
CLIP_NORM, CLIP_VALUE = 0.2, 0.05
FEWEST_CLIPPED = 10  # steps in which a clip must bite

NETWORKS = {
    "rnn": Configuration("rnn", 2, 5, 2),
    "lstm": Configuration("lstm", 2, 4, 1, projection=2),
    "gru": Configuration("gru", 1, 3, 2, directions=2),
}

#       name       learning rate, momentum, Nesterov
OPTIMIZERS = [
    ("adam", 0.01, 0.0, False),
    ("adamw", 0.01, 0.0, False),
    ("sgd", 0.1, 0.0, False),
    ("sgd", 0.03, 0.9, False),
    ("sgd", 0.03, 0.9, True),
    ("rmsprop", 0.001, 0.0, False),
    ("rmsprop", 0.0005, 0.9, False),
]
DECAYS = (0.0, 0.1)


@dataclasses.dataclass(frozen=True)
class Run:
    """One optimizer on one network. Whatever is not here has PyTorch's default."""

    network: str
    optimizer: str
    learning_rate: float
    momentum: float
    nesterov: bool
    weight_decay: float
    clip: str  # none, norm or value

    def build(self, parameters):
        """PyTorch's optimizer."""
        options = {"lr": self.learning_rate, "weight_decay": self.weight_decay}
        if self.optimizer == "adam":
            return torch.optim.Adam(parameters, **options)
        if self.optimizer == "adamw":
            return torch.optim.AdamW(parameters, **options)
        if self.optimizer == "sgd":
            return torch.optim.SGD(parameters, momentum=self.momentum, nesterov=self.nesterov, **options)
        return torch.optim.RMSprop(parameters, momentum=self.momentum, **options)


def optimizers():
    """Everything in the file."""
    problems = {name: problem(number, name) for number, name in enumerate(NETWORKS)}
    results = {run: trained_and_checked(run, problems[run.network]) for run in runs()}
    assert_told_apart(results)
    return {
        "networks": [recorded_network(name, data) for name, data in problems.items()],
        "runs": [recorded_run(run, result) for run, result in results.items()],
    }


def runs():
    """Every optimizer with and without weight decay on every network; clipping goes around."""
    for number, (optimizer, decay) in enumerate(itertools.product(OPTIMIZERS, DECAYS)):
        for shift, network in enumerate(NETWORKS):
            yield Run(network, *optimizer, decay, ("none", "norm", "value")[(number + shift) % 3])


def problem(number, name):
    """Initial weights, and one window of sines x [T, B, I] and y [T, B, O], all of few digits, in float32."""
    configuration = NETWORKS[name]
    torch.manual_seed(500 + number)
    weights = short(layout.weights(Network(configuration)))
    phases = 0.7 * torch.arange(TIMES).reshape(-1, 1, 1) + torch.arange(STREAMS).reshape(1, -1, 1)
    x = short(torch.sin(phases + 2 * torch.arange(configuration.inputs)))
    y = short(torch.sin(phases + 1 + torch.arange(configuration.outputs)))
    return {"weights": weights, "x": x, "y": y}


# Training.


def trained_and_checked(run, data):
    """The run in float64; float32 follows it, the clip bites, and the names of its weights are right."""
    exact = trained(run, data, torch.float64)
    assert_close(exact, trained(run, data, torch.float32), FLOAT32_TOLERANCE, str(run))
    bites = {"norm": exact["gradient_norms"] > CLIP_NORM, "value": exact["largest"] > CLIP_VALUE}
    assert run.clip == "none" or bites[run.clip].sum() >= FEWEST_CLIPPED, f"{run} is hardly clipped"
    assert_twin_follows(run, data, exact)
    return exact


def trained(run, data, dtype):
    """Losses, gradient norms and largest gradients of all steps before clipping, and the last weights, in dtype."""
    network = load(NETWORKS[run.network], data["weights"], dtype)
    optimizer = run.build(network.parameters())
    steps = [trained_step(run, network, optimizer, data, dtype) for _ in range(STEPS)]
    losses, norms, largest = (torch.stack(values) for values in zip(*steps))
    return {"losses": losses, "gradient_norms": norms, "largest": largest, "weights": layout.weights(network)}


def trained_step(run, network, optimizer, data, dtype):
    """One step from the zero state: the loss, the norm of all gradients, and the largest gradient."""
    optimizer.zero_grad()
    _, q, _ = network(data["x"].to(dtype), zero_states(network.configuration, STREAMS, dtype))
    loss = nn.functional.mse_loss(q, data["y"].to(dtype))
    loss.backward()
    largest = torch.stack([parameter.grad.abs().max() for parameter in network.parameters()]).max()
    norm = nn.utils.clip_grad_norm_(network.parameters(), CLIP_NORM if run.clip == "norm" else math.inf)
    if run.clip == "value":
        nn.utils.clip_grad_value_(network.parameters(), CLIP_VALUE)
    optimizer.step()
    return loss.detach(), norm, largest


# Checks.


def assert_twin_follows(run, data, exact):
    """From the weights before the first step and those after the last, the twin's losses are PyTorch's."""
    configuration = NETWORKS[run.network]
    states = zero_states(configuration, STREAMS, torch.float64)
    twin = Problem(configuration, states, data["x"], data["y"])
    *_, first = twin.solve(data["weights"])
    assert_same(first, exact["losses"][0], f"{run}, first loss")
    _, q, _ = load(configuration, exact["weights"], torch.float64)(data["x"].double(), states)
    *_, last = twin.solve(exact["weights"])
    assert_same(last, nn.functional.mse_loss(q, data["y"].double()).detach(), f"{run}, loss after the last step")
    assert last < first, f"{run} learns nothing"


def assert_told_apart(results):
    """No two runs of one network end alike: a test that mistakes one for another fails."""
    for (run, result), (other, its) in itertools.combinations(results.items(), 2):
        if run.network == other.network:
            apart = max(distance(its["weights"][name], values) for name, values in result["weights"].items())
            assert apart >= APART, f"{run} and {other} are only {apart} apart"


# What the file says of them.


def recorded_network(name, data):
    """A network before its training, with its data."""
    return {
        "name": name,
        "configuration": described(NETWORKS[name], STREAMS, TIMES),
        "weights": tensors(data["weights"]),
        "x": data["x"],
        "y": data["y"],
    }


def recorded_run(run, result):
    """A run and what it yielded."""
    clip = {"norm": {"clip_norm": CLIP_NORM}, "value": {"clip_value": CLIP_VALUE}, "none": {}}[run.clip]
    options = dataclasses.asdict(run)
    del options["clip"]
    return {
        "options": Line(options | clip),
        "losses": without_noise(result["losses"]),
        "gradient_norms": without_noise(result["gradient_norms"]),
        "weights": expected_tensors(result["weights"]),
    }
