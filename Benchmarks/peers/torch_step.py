"""Steps per second of PyTorch: torch.nn.RNN, LSTM or GRU and a Linear, eager, with torch.optim.Adam."""

import torch

import measure


def trainer(arguments, windows, **variant):
    """A training from the first step on; `variant` chooses one of Adam's implementations."""
    torch.manual_seed(1)
    cell = {"rnn": torch.nn.RNN, "lstm": torch.nn.LSTM, "gru": torch.nn.GRU}[arguments.cell]
    recurrent = cell(arguments.I, arguments.H)
    output = torch.nn.Linear(arguments.H, arguments.O)
    parameters = [*recurrent.parameters(), *output.parameters()]
    adam = torch.optim.Adam(parameters, lr=arguments.learning_rate, **variant)
    mse = torch.nn.MSELoss()
    state = None

    def step(k):
        nonlocal state
        x, y = windows[k % len(windows)]
        h, state = recurrent(x, state)
        loss = mse(output(h), y)
        adam.zero_grad()
        loss.backward()
        adam.step()
        state = tuple(s.detach() for s in state) if isinstance(state, tuple) else state.detach()
        return loss.item()

    return step


def main():
    arguments = measure.arguments()
    torch.set_num_threads(arguments.threads)
    windows = [tuple(map(torch.from_numpy, window)) for window in measure.windows(arguments)]

    variants = {"for-loop": {"foreach": False}, "foreach": {"foreach": True}, "fused": {"fused": True}}
    tried = {}
    for name, variant in variants.items():
        tried[name] = measure.rate(trainer(arguments, windows, **variant), arguments.seconds / 8, repetitions=3)
    fastest = max(tried, key=tried.get)
    best = measure.rate(trainer(arguments, windows, **variants[fastest]), arguments.seconds)
    measure.report(rate=best, version=torch.__version__, note=f"Adam {fastest}")


main()
